using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Maps;

/// <summary>A view of a program array: the programs that others jump to with <c>bpf_tail_call</c> (Linux 4.2).</summary>
/// <remarks>The array holds its programs. When the last descriptor and pin of the array is gone, the kernel empties it, although a loaded program still uses it.</remarks>
[SupportedOSPlatform("linux")]
public sealed class BpfProgramArray
{
    internal BpfProgramArray(BpfMap map)
    {
        ViewCheck.Type(map, "a program array", BpfMapType.ProgArray);
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>How many entries there are.</summary>
    /// <remarks>
    /// The kernel keeps no count that it tells: each reading walks over all places, by batches where the kernel has them, and counts what it
    /// meets while programs go on adding and removing.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public int Count => WholeMap.Count(Map);

    /// <summary>Puts a program in.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="program">The program.</param>
    /// <exception cref="BpfException">
    /// The kernel refused: <see cref="Errno.EINVAL"/> when the program is of another type than those in the array or those that use it.
    /// </exception>
    public void Set(uint index, BpfProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        DescriptorSlot.Set(
            Map,
            in Unsafe.As<uint, byte>(ref index),
            program.Handle,
            $"The program '{program.Name}' ({program.Type}) may not fit the type, attach type or JIT of the programs that use the array.");
    }

    /// <summary>The number of a program in the array.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="id">The number, or 0.</param>
    /// <returns><see langword="false"/> when the place is empty.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGetId(uint index, out uint id)
    {
        id = 0;
        Errno errno = BpfSyscall.MapLookup(Map.Handle, in Unsafe.As<uint, byte>(ref index), ref Unsafe.As<uint, byte>(ref id), 0);
        return Map.FoundOrThrow(BpfCommand.MapLookupElement, errno);
    }

    /// <summary>Opens a program in the array. Needs CAP_SYS_ADMIN, because it is opened by its number.</summary>
    /// <param name="index">Its place.</param>
    /// <param name="program">The program, to be disposed by the caller.</param>
    /// <returns><see langword="false"/> when the place is empty.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool TryGet(uint index, [NotNullWhen(true)] out BpfProgram? program)
    {
        program = null;
        while (program is null && TryGetId(index, out uint id))
        {
            try
            {
                program = BpfProgram.OpenById(id);
            }
            catch (BpfException gone) when (gone.Errno == Errno.ENOENT)
            {
                // Replaced between the two calls, and gone: look again.
            }
        }

        return program is not null;
    }

    /// <summary>Whether there is a program at a place.</summary>
    /// <param name="index">Its place.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool ContainsKey(uint index) => TryGetId(index, out _);

    /// <summary>Takes a program out.</summary>
    /// <param name="index">Its place.</param>
    /// <returns><see langword="false"/> when the place was empty.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool Remove(uint index) =>
        Map.FoundOrThrow(BpfCommand.MapDeleteElement, BpfSyscall.MapDelete(Map.Handle, in Unsafe.As<uint, byte>(ref index)));

    /// <summary>Removes all entries.</summary>
    /// <remarks>
    /// A system call for each place. It is not one step: what programs add meanwhile may stay or go.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Clear() => WholeMap.Clear(Map);
}
