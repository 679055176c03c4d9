using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Maps;

/// <summary>
/// A view of a map whose values are put in as descriptors, by index: perf events, cgroups, AF_XDP sockets, sockets of a reuseport
/// group, sockets to redirect to.
/// </summary>
/// <remarks>The kernel does not tell user space what is in such a map, so there is nothing to get, to ask or to count.</remarks>
[SupportedOSPlatform("linux")]
public sealed class BpfDescriptorArray
{
    internal BpfDescriptorArray(BpfMap map)
    {
        ViewCheck.Type(
            map,
            "an array of descriptors",
            BpfMapType.PerfEventArray,
            BpfMapType.CgroupArray,
            BpfMapType.XskMap,
            BpfMapType.ReusePortSockArray,
            BpfMapType.SockMap);
        Map = map;
    }

    /// <summary>The map.</summary>
    public BpfMap Map { get; }

    /// <summary>Puts in what is behind a descriptor.</summary>
    /// <param name="index">The place.</param>
    /// <param name="descriptor">The descriptor, such as <see cref="System.Net.Sockets.Socket.SafeHandle"/>; the caller may close it afterwards.</param>
    /// <exception cref="BpfException">The kernel refused: <see cref="Errno.EINVAL"/> or <see cref="Errno.EBADF"/> when it is not what the map holds.</exception>
    public void Set(uint index, SafeHandle descriptor)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        DescriptorSlot.Set(Map, in Unsafe.As<uint, byte>(ref index), descriptor, WhyNot);
    }

    /// <summary>Puts in a cgroup, of a <see cref="BpfMapType.CgroupArray"/>.</summary>
    /// <param name="index">The place.</param>
    /// <param name="cgroup">The cgroup; the caller may dispose it afterwards.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Set(uint index, Cgroup cgroup)
    {
        ArgumentNullException.ThrowIfNull(cgroup);
        Set(index, cgroup.Handle);
    }

    /// <summary>Takes out what is at a place.</summary>
    /// <param name="index">The place.</param>
    /// <returns><see langword="false"/> when it was empty.</returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public bool Remove(uint index) => WholeMap.RemoveIndex(Map, index);

    /// <summary>Removes all entries.</summary>
    /// <remarks>
    /// A system call for each place. It is not one step: what programs add meanwhile may stay or go.
    /// </remarks>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public void Clear() => WholeMap.Clear(Map);

    private string WhyNot(int descriptor) => Map.Type == BpfMapType.CgroupArray && CgroupLookup.Judge(descriptor) is { } problem
        ? $"{char.ToUpperInvariant(problem.What[0])}{problem.What[1..]}. {problem.Cure ?? $"Give one that {nameof(Cgroup)}.{nameof(Cgroup.Open)} opened."}"
        : $"What is behind the descriptor does not fit a map of type {Map.Type}.";
}
