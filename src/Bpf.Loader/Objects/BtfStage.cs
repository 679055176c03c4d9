using System;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Objects;

/// <summary>Reads the BTF of an object. What is malformed stops the open only when the object cannot be understood without it.</summary>
internal static class BtfStage
{
    public static void Read(ObjectContext context)
    {
        ReadTypes(context);
        ReadExtension(context);
    }

    private static void ReadTypes(ObjectContext context)
    {
        int needing = Array.FindIndex(context.Roles, role => role is SectionRole.BtfMaps or SectionRole.StructOps);
        if (context.BtfData is not ReadOnlyMemory<byte> data)
        {
            if (needing >= 0)
                throw context.Fail(BpfDiagnosticId.BtfNeeded, "The section is described by BTF, and the object has none.", needing, cause: "Only BTF says what is in it: types, keys, values and sizes. clang writes it with -g alone.", cure: "Compile it with clang -g; strip with llvm-strip -g afterwards, which leaves the BTF there.");
            return;
        }

        try
        {
            context.SetBtf(BtfReader.Read(data));
        }
        catch (BpfFormatException e) when (needing < 0)
        {
            context.Note(BpfDiagnosticId.BtfIgnored, BpfSeverity.Warning, $"The BTF is ignored, and maps and variables have no types.", cause: e.Finding.What, cure: "Compile again with -g, by a clang of version 11 or later.");
        }
    }

    private static void ReadExtension(ObjectContext context)
    {
        if (context.BtfExtData is not ReadOnlyMemory<byte> data) return;
        if (context.Btf is null)
        {
            context.Note(BpfDiagnosticId.BtfExtIgnored, BpfSeverity.Warning, "The section .BTF.ext is ignored: source lines and CO-RE relocations are missing.", cause: "There is no BTF to go with it.", cure: "Compile again with -g, and strip nothing but debug information (llvm-strip -g).");
            return;
        }

        try
        {
            context.BtfExt = BtfExtReader.Read(data);
        }
        catch (BpfFormatException e)
        {
            context.Note(BpfDiagnosticId.BtfExtIgnored, BpfSeverity.Warning, $"The section .BTF.ext is ignored, and source lines and CO-RE relocations with it.", cause: e.Finding.What, cure: "Compile again with -g.");
        }
    }
}
