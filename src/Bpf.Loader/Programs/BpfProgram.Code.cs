using System;
using System.Collections.Generic;
using Bpf.Loader.Interop;
using Bpf.Loader.Loading;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>The memory that the program takes in the kernel, in bytes; 0 when the kernel does not tell.</summary>
    /// <remarks>Whole pages, of the instructions and not of the machine code, as <c>/proc/self/fdinfo</c> tells them (memlock); Linux 4.10.</remarks>
    public ulong GetMemoryBytes()
    {
        using HandleUse use = Handle.Use();
        return DescriptorInfo.Read("self", use.Descriptor)?["memlock"] ?? 0;
    }

    /// <summary>The numbers of all programs of this system, in rising order.</summary>
    /// <exception cref="BpfException">CAP_SYS_ADMIN is missing.</exception>
    /// <remarks>Linux 4.13.</remarks>
    public static IEnumerable<uint> EnumerateIds() => IdWalk.Of(BpfCommand.ProgGetNextId);

    /// <summary>
    /// What the kernel made of the program: its instructions after verification, the machine code, and which functions and source
    /// lines they are of.
    /// </summary>
    /// <exception cref="BpfException">The kernel does not tell.</exception>
    /// <exception cref="BpfFormatException">The program's types are malformed.</exception>
    /// <remarks>Linux 4.13, functions and lines 5.0; CAP_SYS_ADMIN. With <c>net.core.bpf_jit_harden</c> the kernel hides code and addresses.</remarks>
    public BpfProgramCode GetCode() => ProgramCodeReader.Read(this);

    /// <summary>Lets a map live as long as the program, as the maps do that its instructions refer to.</summary>
    /// <param name="map">The map, such as one that holds what describes the program.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <remarks>Linux 5.10; CAP_BPF.</remarks>
    public void BindMap(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        Errno errno = BpfSyscall.ProgramBindMap(Handle, map.Handle);
        if (errno != Errno.None) throw Refusal.Of(BpfCommand.ProgBindMap, errno, $"map '{map.Name}' to program '{Name}'");
    }

    private uint[] ReadMapIds(uint count)
    {
        uint[] ids = BpfSyscall.GetProgramMaps(Handle, count, out Errno errno);
        return errno == Errno.None ? ids : throw Refusal.Of(BpfCommand.ObjGetInfoByFd, errno, $"program '{Name}'");
    }
}
