using System.Runtime.InteropServices;

namespace Bpf.Loader.Maps;

/// <summary>The key of a longest-prefix-match trie: <c>struct bpf_lpm_trie_key_u8</c>, the number of bits and the bits.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct LpmKey<TAddress>(int prefixLength, TAddress address)
    where TAddress : unmanaged
{
    public readonly uint PrefixLength = (uint)prefixLength;
    public readonly TAddress Address = address;
}
