using System;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Logging;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>
/// The road from a described object to a loaded one, step by step. What fails takes back everything that the steps before it made.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ObjectLoader
{
    /// <summary>Loads an object.</summary>
    /// <exception cref="BpfException">The kernel refuses something.</exception>
    /// <exception cref="BpfFormatException">The object turns out to be malformed.</exception>
    /// <exception cref="CoReException">A program cannot be relocated against this kernel.</exception>
    public static BpfObject Load(BpfObjectFile file, BpfLoadOptions options)
    {
        using LoadContext context = Prepare(file, options);
        return Finish(context);
    }

    /// <summary>All that comes before the programs: what there is of the object is relocated, and its types and maps are in the kernel.</summary>
    /// <returns>What has been made, which is taken back when it is disposed before <see cref="Finish"/>.</returns>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static LoadContext Prepare(BpfObjectFile file, BpfLoadOptions options)
    {
        if (file.IsForeignEndian)
        {
            throw new BpfFormatException(
                $"The object is for {(file.IsBigEndian ? "big" : "little")}-endian machines and cannot be loaded on this one: compile it with -target bpf{(file.IsBigEndian ? "el" : "eb")}.",
                null, null, BpfDiagnosticId.ForeignByteOrder);
        }

        // The load decides about types, sizes and what to leave out; the caller's description stays as it is.
        var context = new LoadContext(LogSites.NumberedCopy(file), options);
        try
        {
            Prepare(context);
            return context;
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>Loads the programs.</summary>
    /// <inheritdoc cref="Load" path="/exception"/>
    public static BpfObject Finish(LoadContext context)
    {
        LoadPrograms(context);
        ReportDenied(context);
        ReportUnanswered(context);
        ReportNothing(context);
        var loaded = new BpfObject(context);
        context.HandOver();
        return loaded;
    }

    private static void Prepare(LoadContext context)
    {
        if (context.Token is null) LockedMemory.RaiseOnce(context.Features);
        StructOpsResolver.Resolve(context);
        context.Relocator = new ObjectRelocator(context.File, (context.Options.TargetBtf ?? FindEmbedded(context)) is { } types ? new TargetTypes(types) : context.Kernel, context.Kernel);
        context.Linked = new LinkedPrograms(context.Relocator);
        foreach (BpfProgramDefinition program in context.File.Programs.Where(static program => program.AutoLoad))
            context.Linked.Add(program);
        ReportHidden(context);

        BtfUploader.Upload(context);
        MapCreator.CreateAll(context);
    }

    private static BtfReader? FindEmbedded(LoadContext context)
    {
        if (context.File.EmbeddedBtf is not { } carried || KernelBtf.TryGetVmlinux(out _)) return null;
        BtfReader? types = carried.FindRunning();
        if (types is null)
        {
            context.Report(
                BpfDiagnosticId.NoKernelTypes, BpfSeverity.Warning,
                $"The kernel has no types, and those that the agent brings along are of {carried.Kernels.Count} other kernels: none is '{KernelVersion.Release}' ({EmbeddedKernelBtf.Machine}).",
                cure: "Add its types to the project as an item BpfKernelBtf.");
        }

        return types;
    }

    // libbpf says nothing, and the program works with 0.
    private static void ReportHidden(LoadContext context)
    {
        if (context.Kernel.HiddenSymbols.Count == 0) return;
        context.Report(
            BpfDiagnosticId.NoKernelSymbols, BpfSeverity.Warning,
            $"/proc/kallsyms hides the addresses of {string.Join(", ", context.Kernel.HiddenSymbols.Order(StringComparer.Ordinal))}, which are 0 for the programs.",
            cure: "The process needs CAP_SYSLOG, and kernel.kptr_restrict must be at most 1.");
    }

    // What follows from the kernel's version only because the process lacks rights may not be what this kernel has.
    private static void ReportDenied(LoadContext context)
    {
        KernelFeature[] denied = [.. context.Features.Denied.Order()];
        if (denied.Length == 0) return;
        string? why = Refusal.HintFor(BpfCommand.ProgLoad, Errno.EPERM, [.. denied.SelectMany(static feature => KernelFeatureVersions.Needed(feature).ToArray()).Distinct().OrderDescending()]);
        context.Report(
            BpfDiagnosticId.FeatureUnknown, BpfSeverity.Info,
            $"The process may not ask the kernel about some features, which are taken for what its version {KernelVersion.Current} says: {Assumed(context, denied)}.", cause: why);
    }

    private static void ReportUnanswered(LoadContext context)
    {
        KernelFeature[] unanswered = [.. context.Features.Unanswered.Order()];
        if (unanswered.Length == 0) return;
        context.Report(
            BpfDiagnosticId.FeatureUnknown, BpfSeverity.Warning,
            $"Memory or descriptors ran short when the kernel was asked about some features, which are taken for what its version {KernelVersion.Current} says: {Assumed(context, unanswered)}.");
    }

    private static string Assumed(LoadContext context, KernelFeature[] features) =>
        string.Join(", ", features.Select(feature => $"{feature} ({(context.Features.Expects(feature) ? "there" : "missing")})"));

    // An object of maps alone is as it should be; one of functions alone has most likely forgotten to say which are programs.
    private static void ReportNothing(LoadContext context)
    {
        if (context.File.Programs.Count > 0 || context.File.Functions.Count == 0) return;
        context.Report(
            BpfDiagnosticId.NothingLoaded, BpfSeverity.Warning,
            $"No program is loaded: the object has {context.File.Functions.Count} functions, none of which is one.",
            cure: "Write SEC(\"...\") before those that are.");
    }

    private static void LoadPrograms(LoadContext context)
    {
        var uploader = new ProgramUploader(context, context.Relocator!);
        foreach (LinkedProgram program in context.Linked!)
        {
            context.Programs.Add(program.Definition, uploader.Load(program));
            context.UsedMaps.UnionWith(program.References.Select(static reference => reference.Relocation.Map).OfType<BpfMapDefinition>());
        }

        foreach ((BpfMapDefinition definition, BpfMap map) in context.Maps)
        {
            if (definition.Type == BpfMapType.ProgArray) MapContents.FillPrograms(context, definition, map);
        }

        foreach (StructOpsImage image in context.StructOps.Values)
        {
            foreach ((int offset, BpfProgramDefinition program) in image.Callbacks)
                BitConverter.TryWriteBytes(image.Value.AsSpan(offset), (ulong)context.Programs[program].Handle.Number);
        }
    }
}
