using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Maps;

namespace Bpf.Loader;

public sealed partial class BpfMap
{
    /// <summary>Makes sure that a C# structure is the C structure of the keys, field by field, as far as the map's BTF says it.</summary>
    /// <param name="layout">The C# structure.</param>
    /// <exception cref="ArgumentException">They differ; the message names each C field and C# field that do not fit.</exception>
    /// <exception cref="InvalidOperationException">Nothing is known of the keys but their size.</exception>
    public void CheckKeyLayout(BpfStructLayout layout) => CheckLayout("keys", KeyType, layout);

    /// <summary>Makes sure that a C# structure is the C structure of the values, field by field, as far as the map's BTF says it.</summary>
    /// <param name="layout">The C# structure.</param>
    /// <exception cref="ArgumentException">They differ; the message names each C field and C# field that do not fit.</exception>
    /// <exception cref="InvalidOperationException">Nothing is known of the values but their size.</exception>
    public void CheckValueLayout(BpfStructLayout layout) => CheckLayout("values", ValueType, layout);

    private void CheckLayout(string what, BtfTypeId type, BpfStructLayout layout)
    {
        ArgumentNullException.ThrowIfNull(layout);
        if (Btf is not { } btf || type.IsVoid)
            throw new InvalidOperationException($"{MapRefusal.Describe(this)} has no BTF that tells what its {what} are.");
        IReadOnlyList<string> differences = LayoutComparison.Differences(btf, type, layout);
        if (differences.Count > 0)
            throw new ArgumentException($"The {what} of {MapRefusal.Describe(this)} are not {layout.Name}: {string.Join("; ", differences)}.", nameof(layout));
    }
}
