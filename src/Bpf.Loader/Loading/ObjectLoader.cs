using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Kernel;
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
        if (file.IsForeignEndian)
        {
            throw new BpfFormatException(
                $"The object is for {(file.IsBigEndian ? "big" : "little")}-endian machines and cannot be loaded on this one: compile it with -target bpf{(file.IsBigEndian ? "el" : "eb")}.",
                null, null, BpfDiagnosticId.ForeignByteOrder);
        }

        // The load decides about types, sizes and what to leave out; the caller's description stays as it is.
        using var context = new LoadContext(file.Clone(), options);
        if (context.Token is null) LockedMemory.RaiseOnce(context.Features);
        StructOpsResolver.Resolve(context);
        context.Relocator = new ObjectRelocator(context.File, options.TargetBtf is null ? context.Kernel : new TargetTypes(options.TargetBtf), context.Kernel);
        foreach (BpfProgramDefinition program in context.File.Programs.Where(static program => program.AutoLoad))
            context.Linked.Add(context.Relocator.Link(program));
        ReportHidden(context);

        BtfUploader.Upload(context);
        MapCreator.CreateAll(context);
        LoadPrograms(context);
        ReportDenied(context);
        var loaded = new BpfObject(context);
        context.HandOver();
        return loaded;
    }

    // libbpf says nothing, and the program works with 0.
    private static void ReportHidden(LoadContext context)
    {
        if (context.Kernel.HiddenSymbols.Count == 0) return;
        context.Report(
            BpfDiagnosticId.NoKernelSymbols, BpfSeverity.Warning,
            $"/proc/kallsyms hides the addresses of {string.Join(", ", context.Kernel.HiddenSymbols.Order(StringComparer.Ordinal))}, which are 0 for the programs: the process needs CAP_SYSLOG, and kernel.kptr_restrict must be at most 1.");
    }

    // What is taken for missing only because the process lacks rights may change what is sent to the kernel.
    private static void ReportDenied(LoadContext context)
    {
        IReadOnlyCollection<KernelFeature> denied = context.Features.Denied;
        if (denied.Count == 0) return;
        context.Report(
            BpfDiagnosticId.FeatureUnknown, BpfSeverity.Info,
            $"The process may not ask the kernel about {string.Join(", ", denied.Order())}, which was taken for missing.");
    }

    private static void LoadPrograms(LoadContext context)
    {
        var uploader = new ProgramUploader(context, context.Relocator!);
        foreach (LinkedProgram program in context.Linked) context.Programs.Add(program.Definition, uploader.Load(program));
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
