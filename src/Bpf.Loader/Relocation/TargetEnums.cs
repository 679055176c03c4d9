using System;
using System.Collections.Generic;
using System.Globalization;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>What a kernel knows by number, as the enumerations in its types tell: helpers, and types of programs, maps and attachments.</summary>
internal sealed class TargetEnums(BtfReader kernel)
{
    private readonly Values? _helpers = Read(kernel, "bpf_func_id"), _programs = Read(kernel, "bpf_prog_type"), _maps = Read(kernel, "bpf_map_type"), _attachments = Read(kernel, "bpf_attach_type");

    /// <summary>Whether the kernel lacks a helper; false where its types do not tell.</summary>
    public bool LacksHelper(int helper) => _helpers is { } known && !known.Numbers.Contains(helper);

    /// <summary>What the kernel lacks for a program, as a noun; null when nothing, or its types do not tell.</summary>
    public string? FindMissing(BpfProgramDefinition program) =>
        Lacks(_programs, (long)program.Type) ? $"the program type {program.Type}"
        : Lacks(_attachments, (long)program.ExpectedAttachType) ? $"the attach type {program.ExpectedAttachType}"
        : null;

    /// <summary>What the kernel lacks for a map, as a noun; null when nothing, or its types do not tell.</summary>
    public string? FindMissing(BpfMapDefinition map) => Lacks(_maps, (long)map.Type) ? $"the map type {map.Type}" : null;

    /// <summary>What the kernel's list ends with, a sentence, for who wonders how old it is.</summary>
    public string DescribeLast(BpfMapDefinition? map) => map is null
        ? $"Its program types end with {_programs?.Last}, its attach types with {_attachments?.Last}."
        : $"Its map types end with {_maps?.Last}.";

    // 0 is what is said when nothing is said.
    private static bool Lacks(Values? known, long value) => known is not null && value != 0 && !known.Numbers.Contains(value);

    private static Values? Read(BtfReader kernel, string name)
    {
        if (!kernel.TryFind(name, BtfKind.Enum, out BtfTypeId id)) return null;
        var numbers = new HashSet<long>();
        long last = -1;
        string text = "";
        foreach (BtfEnumerator enumerator in kernel[id].Enumerators)
        {
            // The last of most, such as __MAX_BPF_ATTACH_TYPE and __BPF_FUNC_MAX_ID, is the count of the others.
            if (enumerator.NameUtf8.StartsWith("__"u8)) continue;
            numbers.Add(enumerator.Value);
            if (enumerator.Value > last) (last, text) = (enumerator.Value, string.Create(CultureInfo.InvariantCulture, $"{enumerator.Value} ({enumerator.Name})"));
        }

        return new Values(numbers, text);
    }

    private sealed record Values(HashSet<long> Numbers, string Last);
}
