using System;

namespace Bpf.Loader.Btf;

/// <summary>A record of one of the tables of <c>.BTF.ext</c>.</summary>
/// <typeparam name="TSelf">The record itself.</typeparam>
public interface IBtfExtRecord<TSelf> where TSelf : struct, IBtfExtRecord<TSelf>
{
    /// <summary>The size of the part of a record that is known here, in bytes; newer compilers may write more behind it.</summary>
    static abstract int KnownSize { get; }

    /// <summary>Decodes a record.</summary>
    /// <param name="bytes">At least <see cref="KnownSize"/> bytes.</param>
    /// <param name="isBigEndian">The byte order of the file.</param>
    static abstract TSelf Decode(ReadOnlySpan<byte> bytes, bool isBigEndian);
}
