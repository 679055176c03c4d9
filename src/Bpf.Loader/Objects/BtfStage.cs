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
                throw context.Fail(BpfDiagnosticId.BtfNeeded, "The section is described by BTF, and the object has none: compile it with clang -g.", needing);
            return;
        }

        try
        {
            context.SetBtf(BtfReader.Read(data));
        }
        catch (BpfFormatException e) when (needing < 0)
        {
            context.Note(BpfDiagnosticId.BtfIgnored, BpfSeverity.Warning, $"The BTF is ignored, and maps and variables have no types: {e.Message}");
        }
    }

    private static void ReadExtension(ObjectContext context)
    {
        if (context.BtfExtData is not ReadOnlyMemory<byte> data) return;
        if (context.Btf is null)
        {
            context.Note(BpfDiagnosticId.BtfExtIgnored, BpfSeverity.Warning, "The section .BTF.ext is ignored, because there is no BTF to go with it: source lines and CO-RE relocations are missing.");
            return;
        }

        try
        {
            context.BtfExt = BtfExtReader.Read(data);
        }
        catch (BpfFormatException e)
        {
            context.Note(BpfDiagnosticId.BtfExtIgnored, BpfSeverity.Warning, $"The section .BTF.ext is ignored, and source lines and CO-RE relocations with it: {e.Message}");
        }
    }
}
