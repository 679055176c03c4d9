using System;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>
/// A table of a binary, seen through a window that moves as it is read: what is asked for in order is read in order, and of a
/// large table no more is in memory than the window.
/// </summary>
internal sealed class BinaryWindow
{
    private const int DefaultRoom = 64 * 1024;

    // The longest that a name may be: those of C++ and Rust have some ten thousand bytes.
    private const int LargestRoom = 1 << 20;

    private readonly IBinaryBytes _bytes;
    private readonly ulong _offset;
    private byte[] _room;
    private ulong _start;
    private int _filled;

    /// <param name="bytes">The binary.</param>
    /// <param name="offset">Where the table begins; it ends with the file if not before.</param>
    /// <param name="size">How many bytes it has.</param>
    /// <param name="room">The size of the window.</param>
    public BinaryWindow(IBinaryBytes bytes, ulong offset, ulong size, int room = DefaultRoom)
    {
        _bytes = bytes;
        _offset = offset;
        Size = offset >= (ulong)bytes.Length ? 0 : Math.Min(size, (ulong)bytes.Length - offset);
        _room = new byte[(int)Math.Min((ulong)room, Math.Max(Size, 16))];
    }

    /// <summary>The bytes of the table that are in the file.</summary>
    public ulong Size { get; }

    /// <summary>So many bytes of the table, or fewer at its end; valid until the next call.</summary>
    public ReadOnlySpan<byte> At(ulong offset, int count)
    {
        if (offset >= Size) return default;
        if ((ulong)count > Size - offset) count = (int)(Size - offset);
        if (offset < _start || offset + (ulong)count > _start + (ulong)_filled) Fill(offset, count);
        int at = (int)(offset - _start);
        return _room.AsSpan(at, Math.Min(count, _filled - at));
    }

    /// <summary>What is in the window from an offset on, at least one byte unless the table ends there.</summary>
    public ReadOnlySpan<byte> From(ulong offset)
    {
        if (offset >= Size) return default;
        if (offset < _start || offset >= _start + (ulong)_filled) Fill(offset, 1);
        return _room.AsSpan((int)(offset - _start), _filled - (int)(offset - _start));
    }

    /// <summary>The text at an offset, without its terminator.</summary>
    /// <returns>False when it lies outside of the table, has no end, or is longer than any name.</returns>
    public bool TryGetText(ulong offset, out ReadOnlySpan<byte> text)
    {
        text = From(offset);
        int end = text.IndexOf((byte)0);
        for (int room = DefaultRoom; end < 0 && !text.IsEmpty && room <= LargestRoom; room *= 4)
        {
            text = At(offset, room);
            end = text.IndexOf((byte)0);
            if (text.Length < room) break;
        }

        text = end < 0 ? default : text[..end];
        return end >= 0;
    }

    private void Fill(ulong offset, int count)
    {
        if (count > _room.Length) _room = new byte[count];
        int wanted = (int)Math.Min((ulong)_room.Length, Size - offset);
        _filled = _bytes.Read((long)(_offset + offset), _room.AsSpan(0, wanted));
        _start = offset;
    }
}
