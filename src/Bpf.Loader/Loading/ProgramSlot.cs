using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Loading;

/// <summary>What an entry of a program array that lived before the load holds, so that it can be put back.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ProgramSlot : IDisposable
{
    private readonly BpfMap _array;
    private readonly uint _index;
    private readonly uint _next;
    private readonly FileDescriptorHandle? _before;

    private ProgramSlot(BpfMap array, uint index, uint next, FileDescriptorHandle? before)
    {
        _array = array;
        _index = index;
        _next = next;
        _before = before;
    }

    /// <summary>Remembers an entry; a program that may not be opened is told, for it cannot be put back.</summary>
    /// <param name="context">The load.</param>
    /// <param name="array">The array.</param>
    /// <param name="index">Which entry.</param>
    /// <param name="next">The program that takes the place.</param>
    public static ProgramSlot Take(LoadContext context, BpfMap array, uint index, BpfProgram next)
    {
        uint id = Read(array, index);
        Errno errno = Errno.None;
        FileDescriptorHandle? before = id == 0 ? null : BpfSyscall.OpenById(BpfCommand.ProgGetFdById, id, 0, out errno);
        if (id != 0 && before is null && errno != Errno.ENOENT)
        {
            context.Report(
                BpfDiagnosticId.NotTakenBack, BpfSeverity.Info,
                $"The program {id} at index {index} of the living map '{array.Name}' gives way to '{next.Name}', and could not be put back if the load failed: {BpfException.Describe(errno)}.");
        }

        return new ProgramSlot(array, index, next.Id, before);
    }

    /// <summary>Puts it back, unless somebody else has changed the entry since.</summary>
    public void PutBack()
    {
        if (Read(_array, _index) != _next) return;
        uint key = _index;
        ref byte keyByte = ref MemoryMarshal.AsBytes(new Span<uint>(ref key))[0];
        if (_before is null)
        {
            BpfSyscall.MapDelete(_array.Handle, in keyByte);
            return;
        }

        using HandleUse use = _before.Use();
        int value = use.Descriptor;
        BpfSyscall.MapUpdate(_array.Handle, in keyByte, in MemoryMarshal.AsBytes(new Span<int>(ref value))[0], 0);
    }

    public void Dispose() => _before?.Dispose();

    // Looked up, an entry of a program array is the program's id; 0 for none, and on kernels that do not tell.
    private static uint Read(BpfMap array, uint index)
    {
        uint key = index, id = 0;
        Errno errno = BpfSyscall.MapLookup(array.Handle, in MemoryMarshal.AsBytes(new Span<uint>(ref key))[0], ref MemoryMarshal.AsBytes(new Span<uint>(ref id))[0], 0);
        return errno == Errno.None ? id : 0;
    }
}
