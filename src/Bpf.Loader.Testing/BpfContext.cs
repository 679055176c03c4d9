using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Testing.Contexts;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing;

/// <summary>What a program is called with. A context can be run again and again: what a run changed is there for the next.</summary>
public abstract class BpfContext
{
    private BpfMachine? _machine;

    private protected BpfContext()
    {
    }

    /// <summary>The name of the structure in C.</summary>
    internal abstract string Name { get; }

    /// <summary>What R1 is when the program begins.</summary>
    internal ulong Address { get; private protected set; }

    /// <summary>True while it has memory in a machine.</summary>
    internal bool IsEntered => _machine is not null;

    /// <summary>The machine that it runs in.</summary>
    internal BpfMachine Machine => _machine!;

    /// <summary>The type of the program that it is for; null where that has none.</summary>
    internal BpfProgramType? ProgramType { get; set; }

    /// <summary>What that is attached to, where the verifier asks.</summary>
    internal BpfAttachType AttachType { get; set; }

    internal MachineMemory Memory => _machine!.Memory;

    /// <summary>Gives the context its memory in a machine, and makes it ready for a run.</summary>
    internal void Enter(BpfMachine machine)
    {
        if (_machine != machine)
        {
            Leave();
            _machine = machine;
            Create();
        }

        Begin();
    }

    /// <summary>Gives the memory in the machine back; the next run makes it anew, of what the context holds then.</summary>
    internal void Leave()
    {
        if (_machine is null) return;
        Release();
        _machine = null;
    }

    /// <summary>Makes the regions, once for a machine.</summary>
    private protected abstract void Create();

    /// <summary>Frees the regions.</summary>
    private protected virtual void Release()
    {
        Memory.Free(MachineMemory.IndexOf(Address));
        if (this is IPacketContext { Packet: { } packet }) packet.Free();
    }

    /// <summary>Makes ready for a run.</summary>
    private protected virtual void Begin()
    {
    }

    /// <summary>True when programs of a type get such a context.</summary>
    internal virtual bool Suits(BpfProgramType type) => true;

    /// <summary>Reads a field.</summary>
    /// <returns>False when the kernel has no such field.</returns>
    internal virtual bool TryLoad(ulong address, uint offset, uint size, out ulong value)
    {
        value = 0;
        return false;
    }

    /// <summary>Writes a field.</summary>
    /// <returns>False when the kernel has no such field or it may not be written.</returns>
    internal virtual bool TryStore(ulong address, uint offset, uint size, ulong value) => false;

    /// <summary>Bytes of the packet, for the old packet loads; null when they are not there.</summary>
    internal virtual unsafe byte* PacketBytes(int offset, int size) => null;

    private protected static ulong ReadNumber(ReadOnlySpan<byte> bytes, uint offset, uint size) => size switch
    {
        1 => bytes[(int)offset],
        2 => MemoryMarshal.Read<ushort>(bytes[(int)offset..]),
        4 => MemoryMarshal.Read<uint>(bytes[(int)offset..]),
        _ => MemoryMarshal.Read<ulong>(bytes[(int)offset..]),
    };

    private protected static void WriteNumber(Span<byte> bytes, uint offset, uint size, ulong value) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in value))[..(int)size].CopyTo(bytes[(int)offset..]);
}
