using System.Runtime.Versioning;

namespace Bpf.Loader.Hosting;

/// <summary>How many entries a map has. The kernel does not tell, so the keys are walked.</summary>
[SupportedOSPlatform("linux")]
internal static class MapEntries
{
    /// <summary>True for maps whose entries come and go and can be walked.</summary>
    public static bool AreCountable(BpfMap map) => map.Type is BpfMapType.Hash or BpfMapType.LruHash or BpfMapType.PerCpuHash
        or BpfMapType.LruPerCpuHash or BpfMapType.LpmTrie or BpfMapType.HashOfMaps;

    public static long Count(BpfMap map)
    {
        byte[] key = new byte[map.KeySize], next = new byte[map.KeySize];
        long count = 0;
        bool found = map.TryGetNextKey(default, next);
        // A walk begins again when the key that it stands at is removed, so it is bounded by what can be.
        while (found && count < map.MaxEntries)
        {
            count++;
            (key, next) = (next, key);
            found = map.TryGetNextKey(key, next);
        }

        return count;
    }
}
