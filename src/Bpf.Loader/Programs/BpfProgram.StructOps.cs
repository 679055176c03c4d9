using System;
using Bpf.Loader.Interop;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>
    /// Says which callbacks the kernel functions work on that the program calls: those that take the struct_ops of their caller, such as of
    /// schedulers. The map lives as long as the program.
    /// </summary>
    /// <param name="map">A struct_ops map.</param>
    /// <exception cref="ArgumentException">The map is of another type, or the program is a callback itself, which has its map by that.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel knows no such relation.</exception>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.EBUSY"/> when the program has another map already.</exception>
    /// <remarks>Newer than Linux 6.18.</remarks>
    public void AssociateStructOps(BpfMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Type != BpfMapType.StructOps) throw new ArgumentException($"The map '{map.Name}' is of type {map.Type}, and not {BpfMapType.StructOps}.", nameof(map));
        if (Type == BpfProgramType.StructOps) throw new ArgumentException($"The program '{Name}' is a callback itself: its map is the one that holds it.", nameof(map));
        Errno errno = BpfSyscall.ProgramAssociateStructOps(Handle, map.Handle);
        if (errno == Errno.None) return;

        // What is wrong was looked for above: what is left is that the kernel does not know the command.
        string what = $"program '{Name}' with map '{map.Name}'";
        throw errno == Errno.EINVAL
            ? new BpfNotSupportedException("programs of a struct_ops map", null, BpfCommand.ProgAssocStructOps, errno, what)
            : Refusal.Of(BpfCommand.ProgAssocStructOps, errno, what, errno == Errno.EBUSY ? "The program has another map already, which it keeps." : null);
    }
}
