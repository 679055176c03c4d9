using System;
using System.Collections.Generic;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>
/// Looks for all types of some essential names (without flavor) at once: by the index of the BTF when it has one, else by one pass
/// over the strings and one over the types, which is several times faster than to make the index.
/// </summary>
internal sealed class BtfNameSearch(BtfReader btf)
{
    // Keys are the bytes of the name, one to a character.
    private readonly Dictionary<string, List<BtfTypeId>> _found = new(StringComparer.Ordinal);

    /// <summary>The types found for a name, in ascending order.</summary>
    public IReadOnlyList<BtfTypeId> this[ReadOnlySpan<byte> name] => _found[Key(name)];

    /// <summary>Adds a name to look for; its flavor does not matter.</summary>
    public void Add(ReadOnlySpan<byte> name) => _found.TryAdd(Key(name), []);

    public void Run()
    {
        if (_found.Count == 0) return;
        bool scan = btf.ShouldScan(_found.Count);
        var names = new List<byte[]>(_found.Count);
        var lists = new List<List<BtfTypeId>>(_found.Count);
        foreach ((string key, List<BtfTypeId> list) in _found)
        {
            byte[] name = Encoding.Latin1.GetBytes(key);
            if (scan)
            {
                names.Add(name);
                lists.Add(list);
                continue;
            }

            for (BtfNameIndex.Chain chain = btf.Index.Find(name); chain.TryNext(out BtfType type);) list.Add(type.Id);
        }

        if (scan) new BtfNameScan(btf, names).Run(lists);
    }

    private static string Key(ReadOnlySpan<byte> name) => Encoding.Latin1.GetString(BtfReader.EssentialName(name));
}
