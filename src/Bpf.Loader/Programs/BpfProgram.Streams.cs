using System.IO;
using Bpf.Loader.Buffers;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    // enum in include/linux/bpf.h, as bpf_stream_printk() takes it.
    private const uint StandardOutput = 1;
    private const uint StandardError = 2;

    /// <summary>Opens what the program prints with <c>bpf_stream_printk(BPF_STDOUT, …)</c>.</summary>
    /// <returns>
    /// A stream that ends when there is nothing at the moment, and goes on when there is more. The kernel keeps up to 100,000 bytes;
    /// each is read once, by whoever comes first. It may outlive this object.
    /// </returns>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel is older than 6.17.</exception>
    public Stream OpenOutput() => OpenStream(StandardOutput, "the output");

    /// <summary>
    /// Opens what the program prints with <c>bpf_stream_printk(BPF_STDERR, …)</c>, and what the kernel has to report of it, such as a
    /// page fault in an arena or a deadlock that it broke.
    /// </summary>
    /// <inheritdoc cref="OpenOutput"/>
    public Stream OpenErrors() => OpenStream(StandardError, "the errors");

    private BpfProgramStream OpenStream(uint stream, string what)
    {
        var opened = new BpfProgramStream(Handle.Duplicate(), stream, $"{what} of program '{Name}'");
        try
        {
            return opened.Probe();
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
