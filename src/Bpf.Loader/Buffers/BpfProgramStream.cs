using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Buffers;

/// <summary>What a program printed with <c>bpf_stream_printk</c>, or the kernel in its name: <c>BPF_STDOUT</c>, <c>BPF_STDERR</c> (Linux 6.17).</summary>
/// <remarks>
/// The kernel keeps up to 100,000 bytes until they are read, and each byte is read once, by whoever comes first. The end of the stream
/// means that there is nothing at the moment: read again later. Nobody can be told by the kernel that there is more.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed class BpfProgramStream(FileDescriptorHandle program, uint stream, string name) : ForwardStream
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        int count = BpfSyscall.ProgramStreamRead(program, stream, buffer, out Errno errno);
        return count >= 0 ? count : throw Refused(errno);
    }

    /// <summary>Asks for nothing, to find out whether the kernel has such streams.</summary>
    internal BpfProgramStream Probe()
    {
        Span<byte> nothing = [];
        return BpfSyscall.ProgramStreamRead(program, stream, nothing, out Errno errno) >= 0 ? this : throw Refused(errno);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            program.Dispose();
        base.Dispose(disposing);
    }

    // A command that the kernel does not know is EINVAL; with a program and a stream of ours nothing else is.
    private BpfException Refused(Errno errno) => errno == Errno.EINVAL
        ? new BpfNotSupportedException("streams of programs", "6.17", BpfCommand.ProgStreamReadByFd, errno, name)
        : Refusal.Of(BpfCommand.ProgStreamReadByFd, errno, name);
}
