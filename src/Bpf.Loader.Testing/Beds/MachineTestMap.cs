using System.Collections.Generic;

namespace Bpf.Loader.Testing.Beds;

/// <summary>A map in the machine.</summary>
internal sealed class MachineTestMap<TKey, TValue>(BpfMachineMap<TKey, TValue> map) : BpfTestMap<TKey, TValue>
    where TKey : unmanaged
    where TValue : unmanaged
{
    public override bool TryGet(TKey key, out TValue value) => map.TryGet(key, out value);

    public override void Set(TKey key, TValue value) => map.Set(key, value);

    public override bool Remove(TKey key) => map.Delete(key);

    public override IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => map.GetEnumerator();
}
