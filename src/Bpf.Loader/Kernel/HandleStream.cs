using System;
using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>Reads a descriptor from front to back.</summary>
[SupportedOSPlatform("linux")]
internal sealed class HandleStream(FileDescriptorHandle handle, string name) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        int count = KernelFile.Read(handle, buffer, out Errno errno);
        return count >= 0 ? count : throw new BpfException("read", errno, name, hint: null);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            handle.Dispose();
        base.Dispose(disposing);
    }
}
