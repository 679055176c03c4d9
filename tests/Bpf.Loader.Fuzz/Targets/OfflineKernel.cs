using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Relocates objects as <c>bpf relocate</c> does, but for a kernel that is the same on every machine: of this one nothing is asked.</summary>
internal static class OfflineKernel
{
    /// <summary>Relocates all programs against types.</summary>
    public static IReadOnlyList<BpfRelocatedProgram> Relocate(BpfObjectFile file, BtfReader types)
    {
        BpfObjectFile copy = file.Clone();
        for (int i = 0; i < copy.Programs.Count; i++) copy.Programs[i].AutoLoad = true;
        var target = new TargetTypes(types);
        var relocator = new ObjectRelocator(copy, target, new AssumedFacts(copy, target));
        var programs = new List<BpfRelocatedProgram>();
        for (int i = 0; i < copy.Programs.Count; i++)
        {
            try
            {
                LinkedProgram linked = relocator.Link(copy.Programs[i]);
                Dictionary<int, string> names = ReferenceNames.Of(linked);
                ReferencePatcher.PatchWithoutKernel(linked);
                programs.Add(new BpfRelocatedProgram(file.Programs[i], new RelocatedContents(linked, names, new ReferenceReader(file, copy).Read(linked), copy)));
            }
            catch (BpfLoaderException failure)
            {
                programs.Add(new BpfRelocatedProgram(file.Programs[i], new RelocatedContents(failure)));
            }
        }

        return programs;
    }

    /// <summary>Requires two relocations to have come to the same.</summary>
    public static void Same(IReadOnlyList<BpfRelocatedProgram> first, IReadOnlyList<BpfRelocatedProgram> second)
    {
        Oracle.Require(first.Count == second.Count, "relocation gives other programs the second time");
        for (int i = 0; i < first.Count; i++)
        {
            Oracle.Same(first[i].Failure?.Message ?? "", second[i].Failure?.Message ?? "", "relocation fails otherwise the second time");
            Oracle.Same(Bytes(first[i]), Bytes(second[i]), "relocation gives other instructions the second time");
        }
    }

    private static ReadOnlySpan<byte> Bytes(BpfRelocatedProgram program) => MemoryMarshal.AsBytes<BpfInstruction>(program.Instructions.Span);
}
