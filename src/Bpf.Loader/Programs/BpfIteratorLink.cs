using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader;

/// <summary>An iterator: each reading of it runs the program over the kernel's objects, and what the program prints is read.</summary>
[SupportedOSPlatform("linux")]
public sealed class BpfIteratorLink : BpfLink
{
    internal BpfIteratorLink(FileDescriptorHandle handle, string target)
        : base(handle, target)
    {
    }

    /// <summary>Begins a reading. The program runs while the stream is read; its end is the end of the objects.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    /// <remarks>Linux 5.8.</remarks>
    public Stream OpenRead()
    {
        FileDescriptorHandle? reading = BpfSyscall.IteratorCreate(Handle!, out Errno errno);
        return reading is null ? throw Refusal.Of(BpfCommand.IterCreate, errno, Target) : new HandleStream(reading, Target);
    }

    private protected override void Release(bool detach)
    {
        // Closing the descriptor is all there is to do.
    }
}
