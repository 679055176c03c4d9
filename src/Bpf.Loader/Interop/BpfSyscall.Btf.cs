using System;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

internal static unsafe partial class BpfSyscall
{
    /// <summary>BPF_BTF_LOAD (4.18): the BTF, or <see langword="null"/> and why not; ENOSPC when the log does not fit.</summary>
    /// <param name="btf">The raw BTF.</param>
    /// <param name="log">Where the kernel says why it refuses; not used at level 0.</param>
    /// <param name="logLevel">0 or 1.</param>
    /// <param name="token">A BPF token (6.9).</param>
    /// <param name="errno">Why it failed.</param>
    public static FileDescriptorHandle? BtfLoad(
        ReadOnlySpan<byte> btf, Span<byte> log, uint logLevel, FileDescriptorHandle? token, out Errno errno)
    {
        using var tokenUse = new HandleUse(token);
        fixed (byte* bytes = btf, logPointer = log)
        {
            var attribute = new BtfLoadAttr { Btf = Address(bytes), BtfSize = (uint)btf.Length };
            if (logLevel > 0)
            {
                attribute.LogLevel = logLevel;
                attribute.LogBuf = Address(logPointer);
                attribute.LogSize = (uint)log.Length;
            }

            if (token is not null)
            {
                attribute.Flags = (uint)BpfProgramFlags.TokenFd;
                attribute.TokenFd = tokenUse.Descriptor;
            }

            return CallForDescriptor(BpfCommand.BtfLoad, ref attribute, BtfLoadAttr.WireSize, out errno);
        }
    }
}
