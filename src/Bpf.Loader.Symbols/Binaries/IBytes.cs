using System;

namespace Bpf.Loader.Symbols.Binaries;

/// <summary>The bytes of a binary, of which what is needed is read.</summary>
internal interface IBytes : IDisposable
{
    /// <summary>How many there are.</summary>
    long Length { get; }

    /// <summary>Reads at an offset, as far as there is something.</summary>
    /// <returns>How many bytes were read; 0 when that is not possible.</returns>
    int Read(long offset, Span<byte> buffer);
}
