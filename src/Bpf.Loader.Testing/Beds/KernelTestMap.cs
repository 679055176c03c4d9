using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Maps;

namespace Bpf.Loader.Testing.Beds;

/// <summary>A map in the kernel.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelTestMap<TKey, TValue>(BpfMap<TKey, TValue> map) : BpfTestMap<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    public override int Count => map.Count;

    public override bool TryGet(TKey key, out TValue value) => map.TryGet(key, out value);

    public override void Set(TKey key, TValue value) => map.Set(key, value);

    public override bool TryAdd(TKey key, TValue value) => map.TryAdd(key, value);

    public override bool TryReplace(TKey key, TValue value) => map.TryReplace(key, value);

    public override bool Remove(TKey key) => map.Remove(key);

    public override void Clear() => map.Clear();

    public override IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => ((IEnumerable<KeyValuePair<TKey, TValue>>)map).GetEnumerator();
}
