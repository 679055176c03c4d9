using System;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Loading;

/// <summary>
/// The memory that the verifier writes its log to: 16 MiB, of which only what is written costs anything. A program that is refused after a
/// million instructions has a log many times as long; of that the kernel keeps the end since 6.4, where the refusal stands.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class VerifierLogBuffer : IDisposable
{
    // Kernels before 5.2 take no larger one (UINT_MAX >> 8).
    private const int Size = (16 << 20) - 1;

    private readonly MappedMemory? _memory = MappedMemory.MapAnonymous(Size, out _);

    /// <summary>The memory, for the system call; empty when there is none to be had.</summary>
    public Span<byte> Memory => _memory is null ? default : _memory.GetSpan();

    /// <summary>What the kernel wrote.</summary>
    public string Read()
    {
        ReadOnlySpan<byte> written = Memory;
        int end = written.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(end < 0 ? written : written[..end]);
        GC.KeepAlive(_memory);
        return text;
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable?)_memory)?.Dispose();
}
