using System;
using System.Threading;

namespace Bpf.Loader.Btf;

public sealed partial class BtfReader
{
    private BtfNameIndex? _index;

    /// <summary>Names of this BTF's own types, hashed on first use.</summary>
    internal BtfNameIndex Index => Volatile.Read(ref _index) ?? BuildIndex();

    private BtfNameIndex BuildIndex()
    {
        // Two threads may build the same index; the first one is kept.
        var index = new BtfNameIndex(this);
        return Interlocked.CompareExchange(ref _index, index, null) ?? index;
    }

    /// <summary>
    /// The length of a name without its flavor, the part from the last <c>___</c> on: <c>task_struct___old</c> means
    /// <c>task_struct</c>. The underscores must be exactly three, with something before and behind.
    /// </summary>
    internal static ReadOnlySpan<byte> EssentialName(ReadOnlySpan<byte> name)
    {
        if (name.IndexOf("___"u8) < 0) return name;
        for (int i = name.Length - 5; i >= 0; i--)
        {
            if (name[i] != '_' && name[i + 1] == '_' && name[i + 2] == '_' && name[i + 3] == '_' && name[i + 4] != '_')
                return name[..(i + 1)];
        }

        return name;
    }
}
