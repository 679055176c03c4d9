using System;
using System.Text;
using System.Text.Unicode;

namespace Bpf.Loader;

/// <summary>Text in arrays of C: UTF-8, ended by the first NUL or by the end of the array.</summary>
public static partial class BpfText
{
    /// <summary>The bytes before the first NUL; all, when there is none.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> array)
    {
        int end = array.IndexOf((byte)0);
        return end < 0 ? array : array[..end];
    }

    /// <summary>The text before the first NUL. Bytes that are no UTF-8 become U+FFFD.</summary>
    public static string Read(ReadOnlySpan<byte> array) => Encoding.UTF8.GetString(Trim(array));

    /// <summary>Writes a text and fills what is left with NULs. One too long is cut, between characters, so that a NUL ends it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="array">The array.</param>
    /// <returns>True when the whole text fitted.</returns>
    public static bool Write(ReadOnlySpan<char> text, Span<byte> array)
    {
        if (array.IsEmpty) return text.IsEmpty;
        Utf8.FromUtf16(text, array[..^1], out int read, out int written);
        array[written..].Clear();
        return read == text.Length;
    }
}
