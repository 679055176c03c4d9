using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>Queues, stacks and bloom filters.</summary>
internal static class QueueHelpers
{
    public static void AddTo(BpfHelperTable helpers)
    {
        helpers["bpf_map_push_elem"] = static call =>
        {
            QueueMap map = call.Map<QueueMap>(1);
            return (ulong)map.Push(call.Read(2, map.ValueSize), call[3]);
        };
        helpers["bpf_map_pop_elem"] = static call =>
        {
            QueueMap map = call.Map<QueueMap>(1);
            return (ulong)map.Pop(call.Write(2, map.ValueSize));
        };
        helpers["bpf_map_peek_elem"] = static call =>
        {
            QueueMap map = call.Map<QueueMap>(1);
            // A bloom filter is asked about the value; the others give theirs.
            if (map.Type == BpfMapType.BloomFilter) return (ulong)map.Peek(call.Read(2, map.ValueSize).ToArray());
            return (ulong)map.Peek(call.Write(2, map.ValueSize));
        };
    }
}
