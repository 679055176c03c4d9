using System;
using Bpf.Loader.Testing.Contexts;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing;

/// <summary>A socket's option that is read or set: <c>struct bpf_sockopt</c>.</summary>
public sealed class CgroupSocketOptionContext : SocketContext
{
    private static readonly ContextLayout Fields = new("bpf_sockopt", 40, "sk:8p optval:8p optval_end:8p level:4w optname:4w optlen:4w retval:4w");

    private readonly byte[] _value;
    private uint _region;

    /// <summary>Makes a context.</summary>
    public CgroupSocketOptionContext(int level, int name, ReadOnlySpan<byte> value)
        : base(Fields)
    {
        _value = MachineMemory.Allocate(value.Length);
        value.CopyTo(_value);
        this["level"] = (uint)level;
        this["optname"] = (uint)name;
        this["optlen"] = (uint)value.Length;
    }

    /// <summary>The value of the option, as the program left it.</summary>
    public ReadOnlySpan<byte> Value => _value;

    private protected override void Create()
    {
        base.Create();
        _region = Memory.Add(RegionKind.Packet, _value, 0, _value.Length, isWritable: true, this);
    }

    private protected override void Release()
    {
        base.Release();
        Memory.Free(_region);
    }

    private protected override void Begin()
    {
        base.Begin();
        this["optval"] = Memory.AddressOf(_region);
        this["optval_end"] = Memory.AddressOf(_region) + (ulong)_value.Length;
    }

    internal override bool TryLoad(ulong address, uint offset, uint size, out ulong value)
    {
        value = 0;
        return Allows(offset, size, isWrite: false) && base.TryLoad(address, offset, size, out value);
    }

    internal override bool TryStore(ulong address, uint offset, uint size, ulong value) => Allows(offset, size, isWrite: true) && base.TryStore(address, offset, size, value);

    // cg_sockopt_is_valid_access of kernel/bpf/cgroup.c: what is asked for is set before, and what is answered is seen after.
    private bool Allows(uint offset, uint size, bool isWrite) => Layout.Find(offset, size)?.Name switch
    {
        "retval" => AttachType != BpfAttachType.CgroupSetSockOpt,
        "level" or "optname" => !isWrite || AttachType != BpfAttachType.CgroupGetSockOpt,
        _ => true,
    };

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.CgroupSockOpt;
}
