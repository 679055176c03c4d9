using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;

namespace Bpf.Loader.Buffers;

/// <summary>A record that is reserved in a <see cref="UserRingBuffer"/>: fill <see cref="Data"/>, then submit it.</summary>
/// <remarks>Disposing discards what was not submitted, so that <see langword="using"/> never leaves the ring blocked. Do not copy it.</remarks>
[SupportedOSPlatform("linux")]
public unsafe ref struct UserRingRecord
{
    private readonly byte* _header;
    private readonly int _length;
    private UserRingBuffer? _ring;

    internal UserRingRecord(UserRingBuffer ring, byte* header, int length)
    {
        _ring = ring;
        _header = header;
        _length = length;
    }

    /// <summary>The bytes of the record, in the ring. What was there before is still in them.</summary>
    /// <exception cref="InvalidOperationException">The record is submitted or discarded.</exception>
    // UnscopedRef: ties the span to this variable, so that the compiler refuses to let it out of its scope.
    [UnscopedRef]
    public readonly Span<byte> Data
    {
        get
        {
            if (_ring is null)
                throw new InvalidOperationException("The record is submitted or discarded.");
            return new Span<byte>(_header + RingFormat.HeaderSize, _length);
        }
    }

    /// <summary>Makes the record visible to the program.</summary>
    /// <exception cref="InvalidOperationException">The record is submitted or discarded.</exception>
    public void Submit()
    {
        UserRingBuffer ring = _ring ?? throw new InvalidOperationException("The record is submitted or discarded.");
        _ring = null;
        ring.Commit(_header, _length, discard: false);
    }

    /// <summary>Makes the program skip the record, unless it was submitted.</summary>
    public void Dispose()
    {
        UserRingBuffer? ring = _ring;
        _ring = null;
        ring?.Commit(_header, _length, discard: true);
    }
}
