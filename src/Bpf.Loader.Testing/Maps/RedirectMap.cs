using System;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Testing.Maps;

/// <summary>
/// Where packets are redirected to: devices, CPUs, AF_XDP sockets, sockets, cgroups. The machine sends nothing: an element says only
/// that there is somewhere to send to, and a run tells where its program wanted to.
/// </summary>
internal sealed class RedirectMap : BpfMachineMap
{
    private readonly HashMap _elements;

    public RedirectMap(BpfMachine machine, BpfMapDefinition definition)
        : base(machine, definition) => _elements = new HashMap(machine, definition);

    public override int Count => _elements.Count;

    public override System.Collections.Generic.IEnumerable<byte[]> Keys => _elements.Keys;

    /// <summary>True when there is an element of that key.</summary>
    public bool Contains(ReadOnlySpan<byte> key) => _elements.TryRead(key, 0, new byte[ValueSize]);

    internal override ulong Lookup(ReadOnlySpan<byte> key, int cpu) => _elements.Lookup(key, cpu);

    internal override bool TryRead(ReadOnlySpan<byte> key, int cpu, Span<byte> value) => _elements.TryRead(key, cpu, value);

    internal override long Put(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, ulong flags)
    {
        bool isArray = Type is not (BpfMapType.DevMapHash or BpfMapType.SockHash);
        if (isArray && System.Runtime.InteropServices.MemoryMarshal.Read<uint>(key) >= MaxEntries) return Error.TooBig;
        return _elements.Put(key, value, flags);
    }

    internal override long Drop(ReadOnlySpan<byte> key) => _elements.Drop(key);
}
