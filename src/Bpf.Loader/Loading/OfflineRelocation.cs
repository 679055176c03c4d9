using System.Collections.Generic;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>Takes the programs of an object as far as they get without a system call that needs a privilege.</summary>
internal static class OfflineRelocation
{
    /// <summary>Relocates all programs.</summary>
    public static IReadOnlyList<BpfRelocatedProgram> Relocate(BpfObjectFile file, ITargetTypes? target, BpfRelocateOptions options)
    {
        // All programs count here, and code that is not to be loaded is not relocated.
        BpfObjectFile copy = file.Clone();
        foreach (BpfProgramDefinition program in copy.Programs)
            program.AutoLoad = true;

        var facts = new OfflineFacts(copy, target);
        var relocator = new ObjectRelocator(copy, target ?? facts, options.KeepExterns ? null : facts);
        var references = new ReferenceReader(file, copy);
        var results = new BpfRelocatedProgram[copy.Programs.Count];
        var limit = new LinkedSizeLimit();
        for (int i = 0; i < results.Length; i++)
        {
            BpfProgramDefinition program = copy.Programs[i];
            results[i] = limit.HasRoom
                ? new BpfRelocatedProgram(file.Programs[i], Relocate(program, limit))
                : new BpfRelocatedProgram(file.Programs[i], () => Relocate(program, limit: null));
        }

        return results;

        RelocatedContents Relocate(BpfProgramDefinition program, LinkedSizeLimit? limit)
        {
            try
            {
                LinkedProgram linked = relocator.Link(program);
                limit?.TryKeep(linked);
                Dictionary<int, string> names = ReferenceNames.Of(linked);
                ReferencePatcher.PatchWithoutKernel(linked);
                if (!facts.HasProbeReadKernel) HelperFixups.Replace(linked.Instructions);
                return new RelocatedContents(linked, names, references.Read(linked), copy);
            }
            catch (BpfLoaderException failure)
            {
                return new RelocatedContents(failure);
            }
        }
    }
}
