using System;
using System.Buffers;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Loading;

/// <summary>Gives the kernel the object's BTF, without what this kernel does not know yet.</summary>
[SupportedOSPlatform("linux")]
internal static class BtfUploader
{
    private const int FirstLogSize = 64 * 1024;
    private const int LargestLogSize = 16 * 1024 * 1024;
    private const int NamesToTell = 5;

    // KSYM_NAME_LEN, which 6.1 raised.
    private const int LongestName = 128, LongestNewerName = 512;
    private static readonly KernelVersion LongerNamesSince = new(6, 1, 0);

    private static readonly (KernelFeature Feature, BtfFeatures Flag)[] Features =
    [
        (KernelFeature.BtfFunction, BtfFeatures.Functions),
        (KernelFeature.BtfGlobalFunction, BtfFeatures.GlobalFunctions),
        (KernelFeature.BtfDataSection, BtfFeatures.DataSections),
        (KernelFeature.BtfEmptyDataSection, BtfFeatures.EmptyDataSections),
        (KernelFeature.BtfFloat, BtfFeatures.Floats),
        (KernelFeature.BtfDeclarationTag, BtfFeatures.DeclarationTags),
        (KernelFeature.BtfTypeTag, BtfFeatures.TypeTags),
        (KernelFeature.BtfEnum64, BtfFeatures.Enum64),
        (KernelFeature.BtfQuestionMarkDataSection, BtfFeatures.QuestionMarkNames),
        (KernelFeature.BtfLayout, BtfFeatures.Layout),
    ];

    /// <summary>Loads the BTF; a refusal is reported, and only struct_ops maps make it fatal.</summary>
    /// <exception cref="BpfException">The object has struct_ops maps, which cannot do without BTF.</exception>
    public static void Upload(LoadContext context)
    {
        if (context.File.Btf is null) return;
        bool isNeeded = context.File.Maps.Any(static map => map is { Kind: BpfMapKind.StructOps, AutoCreate: true });
        if (context.Features.Lacks(KernelFeature.Btf))
        {
            if (isNeeded) throw new BpfNotSupportedException("BTF", "4.18", BpfCommand.BtfLoad, objectName: context.File.Name);
            return;
        }

        byte[] raw = Prepare(context);
        context.Btf = BpfSyscall.BtfLoad(raw, default, 0, context.Token, out Errno errno) ?? (errno == Errno.EINVAL ? UploadCleaned(context, raw) : null);
        if (context.Btf is not null) return;
        string log = ReadLog(raw, context.Token);
        BpfException refusal = Refusal.Of(BpfCommand.BtfLoad, errno, $"the BTF of '{context.File.Name}'", log.Length == 0 ? context.Delegation?.ExplainCommand(BpfCommand.BtfLoad, errno) ?? Refusal.HintFor(BpfCommand.BtfLoad, errno, context.NeededCapabilities) : "The kernel says: " + log);
        if (isNeeded) throw refusal;
        context.Report(BpfDiagnosticId.BtfRefused, BpfSeverity.Warning, "The kernel refuses the BTF of the object, which is loaded without: no source lines, no types of maps.", cause: refusal.Finding.Message);
    }

    // Names that are well stay: only what the kernel refuses as it is comes here. Older kernels take no dots in identifiers.
    private static FileDescriptorHandle? UploadCleaned(LoadContext context, byte[] raw)
    {
        var btf = BtfReader.ReadTrusted(raw);
        int longest = KernelVersion.Current.CompareTo(LongerNamesSince) >= 0 ? LongestNewerName : LongestName;
        foreach (bool takesDots in new[] { true, false })
        {
            var builder = new BtfBuilder(btf);
            var cleaner = new BtfNameCleaner(btf, builder, takesDots, longest);
            cleaner.Clean();
            if (cleaner.Changes.Count == 0) continue;
            FileDescriptorHandle? handle = BpfSyscall.BtfLoad(builder.ToArray(), default, 0, context.Token, out _);
            if (handle is null) continue;
            string names = string.Join(", ", cleaner.Changes.Take(NamesToTell).Select(static change => change switch
            {
                ("", string after) => $"'{after}' for what had none",
                (string before, "") => $"none for '{before}'",
                _ => $"'{change.After}' for '{change.Before}'",
            }));
            string more = cleaner.Changes.Count > NamesToTell ? $" and {cleaner.Changes.Count - NamesToTell} more" : "";
            context.Report(BpfDiagnosticId.BtfNamesCleaned, BpfSeverity.Info, $"The kernel does not take some names of the object's types as they are, and got {names}{more}.");
            return handle;
        }

        return null;
    }

    private static byte[] Prepare(LoadContext context)
    {
        BtfBuilder builder = ObjectTypes.Describe(context.File);
        ContextArguments.Fix(context, builder);
        BtfFeatures supported = SupportedFeatures(context.Features);
        byte[] raw = builder.ToArray();
        return supported == BtfFeatures.All ? raw : BtfSanitizer.Sanitize(BtfReader.Read(raw), supported).ToArray();
    }

    private static BtfFeatures SupportedFeatures(KernelFeatures kernel)
    {
        BtfFeatures supported = BtfFeatures.None;
        foreach ((KernelFeature feature, BtfFeatures flag) in Features)
        {
            if (kernel.Expects(feature)) supported |= flag;
        }

        return supported;
    }

    /// <summary>What the kernel says of a BTF that it refuses; empty when it says nothing.</summary>
    public static string ReadLog(ReadOnlySpan<byte> raw, FileDescriptorHandle? token)
    {
        for (int size = FirstLogSize; ; size *= 4)
        {
            byte[] log = ArrayPool<byte>.Shared.Rent(size);
            try
            {
                log.AsSpan().Clear();
                using FileDescriptorHandle? btf = BpfSyscall.BtfLoad(raw, log, 1, token, out Errno errno);
                if (errno == Errno.ENOSPC && size < LargestLogSize) continue;
                string text = Encoding.UTF8.GetString(log.AsSpan(0, Math.Max(0, log.AsSpan().IndexOf((byte)0)))).TrimEnd();

                // The last line says what is wrong; the ones before list the types that are well.
                return text[(text.LastIndexOf('\n') + 1)..];
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(log);
            }
        }
    }
}
