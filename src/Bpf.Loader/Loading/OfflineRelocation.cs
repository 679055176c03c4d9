using System.Collections.Generic;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>Takes the programs of an object as far as they get without a system call that needs a privilege.</summary>
internal static class OfflineRelocation
{
    /// <summary>Relocates all programs.</summary>
    public static IReadOnlyList<BpfRelocatedProgram> Relocate(BpfObjectFile file, ITargetTypes? target)
    {
        // All programs count here, and code that is not to be loaded is not relocated.
        BpfObjectFile copy = file.Clone();
        foreach (BpfProgramDefinition program in copy.Programs)
            program.AutoLoad = true;

        var facts = new OfflineFacts(copy, target);
        var relocator = new ObjectRelocator(copy, target ?? facts, facts);
        var results = new BpfRelocatedProgram[copy.Programs.Count];
        for (int i = 0; i < results.Length; i++)
            results[i] = Relocate(copy, i, file.Programs[i], relocator, facts);
        return results;
    }

    private static BpfRelocatedProgram Relocate(
        BpfObjectFile copy, int index, BpfProgramDefinition definition, ObjectRelocator relocator, OfflineFacts facts)
    {
        try
        {
            LinkedProgram linked = relocator.Link(copy.Programs[index]);
            Dictionary<int, string> names = ReferenceNames.Of(linked);
            ReferencePatcher.PatchWithoutKernel(linked);
            if (!facts.HasProbeReadKernel)
                HelperFixups.Replace(linked.Instructions);
            return new BpfRelocatedProgram(definition, linked, names, copy.Btf);
        }
        catch (BpfLoaderException failure)
        {
            return new BpfRelocatedProgram(definition, failure);
        }
    }
}
