using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>Reads a descriptor from front to back.</summary>
[SupportedOSPlatform("linux")]
internal sealed class HandleStream(FileDescriptorHandle handle, string name) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        int count = KernelFile.Read(handle, buffer, out Errno errno);
        return count >= 0 ? count : throw new BpfException("read", errno, name, hint: null);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            handle.Dispose();
        base.Dispose(disposing);
    }
}
