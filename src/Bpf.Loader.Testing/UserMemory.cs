using System;
using System.Text;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing;

/// <summary>The memory of processes: what <c>bpf_probe_read_user</c> and its like read.</summary>
public sealed class UserMemory
{
    private readonly MachineMemory _memory;

    internal UserMemory(MachineMemory memory) => _memory = memory;

    /// <summary>Puts bytes into the memory of the process.</summary>
    /// <returns>Their address.</returns>
    public ulong Add(ReadOnlySpan<byte> bytes)
    {
        byte[] data = MachineMemory.Allocate(bytes.Length);
        bytes.CopyTo(data);
        return _memory.AddressOf(_memory.Add(RegionKind.User, data, 0, data.Length, isWritable: true, null));
    }

    /// <summary>Puts a text into the memory of the process, as UTF-8 with a NUL.</summary>
    /// <returns>Its address.</returns>
    public ulong Add(string text) => Add(Encoding.UTF8.GetBytes(text + "\0"));

    /// <summary>Reads the memory of the process, to see what a program wrote.</summary>
    /// <exception cref="ArgumentException">Nothing was put there.</exception>
    public ReadOnlySpan<byte> Read(ulong address, int length) => _memory.Find(address, out long offset) is { Kind: RegionKind.User } info && offset >= 0 && offset + length <= info.Length
        ? info.Data.AsSpan((int)offset, length)
        : throw new ArgumentException($"There are no {length} bytes of a process at 0x{address:x}.");
}
