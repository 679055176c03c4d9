using System;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>
/// Text that grows at its end, in one piece: names are written into it as they lie in BTF, and whoever prints it takes the whole.
/// </summary>
internal sealed class BtfCBuffer
{
    private char[] _text = new char[1024];

    /// <summary>How long the text is. What is set to less is cut off.</summary>
    public int Length { get; set; }

    /// <summary>The text as it is now.</summary>
    public ReadOnlySpan<char> Text => _text.AsSpan(0, Length);

    public void Append(char c) => Grow(1)[0] = c;

    public void Append(char c, int count) => Grow(count).Fill(c);

    public void Append(ReadOnlySpan<char> text) => text.CopyTo(Grow(text.Length));

    /// <summary>Appends a name of BTF, made safe to be shown.</summary>
    public void Append(ReadOnlySpan<byte> name)
    {
        if (BpfText.IsPlain(name)) Encoding.Latin1.GetChars(name, Grow(name.Length));
        else Append(BpfText.Printable(Encoding.UTF8.GetString(name)));
    }

    public void Append(long number)
    {
        Span<char> digits = stackalloc char[20];
        number.TryFormat(digits, out int written, default, System.Globalization.CultureInfo.InvariantCulture);
        Append(digits[..written]);
    }

    public void Append(ulong number)
    {
        Span<char> digits = stackalloc char[20];
        number.TryFormat(digits, out int written, default, System.Globalization.CultureInfo.InvariantCulture);
        Append(digits[..written]);
    }

    /// <summary>Room for more text at the end.</summary>
    private Span<char> Grow(int count)
    {
        int start = Length;
        if (count > _text.Length - start) Array.Resize(ref _text, Math.Max(_text.Length * 2, checked(start + count)));
        Length = start + count;
        return _text.AsSpan(start, count);
    }
}
