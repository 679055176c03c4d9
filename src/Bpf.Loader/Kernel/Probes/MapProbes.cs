using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>What can be done with the entries of maps.</summary>
[SupportedOSPlatform("linux")]
internal static class MapProbes
{
    // BPF_F_CPU; the CPU's number, 0, is in the upper half.
    private const ulong OfOneCpu = 8;

    /// <summary>Reads the value of the first CPU from an array.</summary>
    public static FeatureSupport SingleCpuElements(ProbeContext context)
    {
        var request = new MapCreateRequest { Type = BpfMapType.PerCpuArray, KeySize = sizeof(uint), ValueSize = sizeof(ulong), MaxEntries = 1, Token = context.Token };
        using FileDescriptorHandle? map = BpfSyscall.MapCreate(in request, out Errno errno);
        if (map is null)
            return ProbeAnswer.Of(map, errno);

        // Should the flag mean nothing to a kernel, the values of all CPUs come.
        byte[] values = new byte[sizeof(ulong) * PossibleCpus.Count];
        uint key = 0;
        ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<uint>(in key));
        errno = BpfSyscall.MapLookup(map, in MemoryMarshal.GetReference(bytes), ref values[0], OfOneCpu);
        return ProbeAnswer.Of(errno == Errno.None, errno);
    }
}
