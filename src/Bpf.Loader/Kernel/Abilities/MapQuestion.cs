namespace Bpf.Loader.Kernel.Abilities;

/// <summary>What a map asks of the kernel.</summary>
internal readonly record struct MapQuestion(BpfMapType Type, uint KeySize, uint ValueSize, uint MaxEntries, BpfMapFlags Flags, ulong Extra)
{
    /// <summary>The map as its definition has it, for messages.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Type}, key {KeySize}, value {ValueSize}, {MaxEntries} entries{(Flags == 0 ? "" : $", flags {Flags}")}{(Extra == 0 ? "" : $", map_extra {Extra}")}");
}
