using System;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>
/// BTF, the type information of BPF objects and of the kernel, read in place: an index of offsets and nothing else is kept, and
/// types are decoded when asked. Immutable and safe to share between threads.
/// </summary>
public sealed partial class BtfReader
{
    private readonly int[] _offsets;
    private readonly MemoryBlock _strings;
    private readonly uint _firstString;

    /// <summary>The BTF that this one goes on from (a module's BTF has the kernel's); null when it stands alone.</summary>
    public BtfReader? Base { get; }

    /// <summary>The whole BTF blob: header, types and strings.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>True when the numbers are big-endian.</summary>
    public bool IsBigEndian => Types.IsBigEndian;

    /// <summary>The number of types, <c>void</c> and those of <see cref="Base"/> included; ids are below it.</summary>
    public int TypeCount => FirstId + _offsets.Length;

    /// <summary>The first id that is of this BTF and not of its base: 1 when there is no base.</summary>
    public int FirstId { get; }

    /// <summary>True when the kernel made the BTF: every name is a whole string, none the tail of another.</summary>
    internal bool IsTrusted { get; private init; }

    /// <summary>The bytes of the type section.</summary>
    internal MemoryBlock Types { get; }

    /// <summary>The bytes of the string section.</summary>
    internal ReadOnlyMemory<byte> Strings => _strings.Memory;

    /// <summary>Where each of this BTF's own types begins in <see cref="Types"/>.</summary>
    internal ReadOnlySpan<int> TypeOffsets => _offsets;

    /// <summary>The section of newer BTF that says how long the records of each kind are; split BTF may leave that to its base.</summary>
    internal ReadOnlyMemory<byte> LayoutBytes => OwnLayoutBytes.IsEmpty && Base is not null ? Base.LayoutBytes : OwnLayoutBytes;

    internal ReadOnlyMemory<byte> OwnLayoutBytes { get; }

    /// <summary>The offset at which the strings of a BTF that goes on from this one begin.</summary>
    internal uint StringEnd => _firstString + (uint)_strings.Length;

    /// <summary>The type with a number.</summary>
    /// <exception cref="BpfFormatException">There is no such type: the BTF is malformed, or the number is not of this BTF.</exception>
    public BtfType this[BtfTypeId id]
    {
        get
        {
            int index = id.Value - FirstId;
            if ((uint)index < (uint)_offsets.Length) return new BtfType(this, id, _offsets[index]);
            if (id.IsVoid) return new BtfType(this, id, 0);
            if (Base is not null && id.Value > 0 && id.Value < FirstId) return Base[id];
            throw new BpfFormatException($"Type {id} does not exist: there are {TypeCount} types.", ".BTF", null, BpfDiagnosticId.BadBtfReference);
        }
    }

    /// <summary>True when a type with that number exists.</summary>
    public bool Contains(BtfTypeId id) => (uint)id.Value < (uint)TypeCount;

    /// <summary>The string at an offset of the string section, UTF-8, without its terminator.</summary>
    /// <exception cref="BpfFormatException">The offset lies outside of the strings.</exception>
    public ReadOnlySpan<byte> GetStringUtf8(uint offset)
    {
        if (offset < _firstString) return Base!.GetStringUtf8(offset);
        uint at = offset - _firstString;
        if (at >= (uint)_strings.Length)
        {
            // Split BTF may have no strings of its own; offset 0 is always the empty string.
            if (offset == 0) return default;
            throw new BpfFormatException($"A name lies at offset 0x{offset:x}, outside of the strings (0x{StringEnd:x} bytes).", ".BTF", null, BpfDiagnosticId.BadBtfStrings);
        }

        // The last byte is 0 (checked when the header was read), so there always is an end.
        ReadOnlySpan<byte> rest = _strings.Span[(int)at..];
        return rest[..rest.IndexOf((byte)0)];
    }

    /// <summary>True when the string at an offset is empty; quicker than reading it.</summary>
    /// <exception cref="BpfFormatException">The offset lies outside of the strings.</exception>
    internal bool IsEmptyString(uint offset)
    {
        if (offset == 0) return true;
        if (offset < _firstString) return Base!.IsEmptyString(offset);
        uint at = offset - _firstString;
        return at < (uint)_strings.Length ? _strings[(int)at] == 0 : GetStringUtf8(offset).IsEmpty;
    }

    /// <summary>The string at an offset of the string section.</summary>
    /// <exception cref="BpfFormatException">The offset lies outside of the strings.</exception>
    public string GetString(uint offset) => Encoding.UTF8.GetString(GetStringUtf8(offset));

    /// <summary>Finds the type of a kind with a name; the base is searched first.</summary>
    /// <param name="name">The name, UTF-8.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="id">The first such type.</param>
    /// <returns>False when there is none.</returns>
    public bool TryFind(ReadOnlySpan<byte> name, BtfKind kind, out BtfTypeId id)
    {
        if (Base is not null && Base.TryFind(name, kind, out id)) return true;
        return ShouldScan(1) ? BtfNameScan.TryFind(this, name, kind, out id) : Index.TryFind(name, kind, out id);
    }

    /// <summary>Finds the type of a kind with a name among those that are not of the base.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryFindOwn(ReadOnlySpan<byte> name, BtfKind kind, out BtfTypeId id) => Index.TryFind(name, kind, out id);

    /// <summary>Finds the type of a kind with a name; the base is searched first.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryFind(string name, BtfKind kind, out BtfTypeId id)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TryFind(Encoding.UTF8.GetBytes(name), kind, out id);
    }
}
