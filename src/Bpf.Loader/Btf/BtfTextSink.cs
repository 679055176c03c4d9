using System;
using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Bpf.Loader.Btf;

/// <summary>Writes values as short text: <c>{pid=12, comm="bash", pos={x=1, y=2}, args=[1, 2]}</c>.</summary>
internal sealed class BtfTextSink(StringBuilder text) : IBtfValueSink
{
    // True when the next piece of the object or array at hand needs a comma before it.
    private bool _needsComma;

    public void BeginObject()
    {
        Begin();
        text.Append('{');
        _needsComma = false;
    }

    public void EndObject(bool isTruncated)
    {
        if (isTruncated)
        {
            Begin();
            text.Append("...truncated");
        }

        text.Append('}');
        _needsComma = true;
    }

    public void Name(ReadOnlySpan<byte> utf8)
    {
        Begin();
        text.Append(Encoding.UTF8.GetString(utf8)).Append('=');
        _needsComma = false;
    }

    public void BeginArray()
    {
        Begin();
        text.Append('[');
        _needsComma = false;
    }

    public void EndArray(uint omitted)
    {
        if (omitted != 0)
        {
            Begin();
            text.Append(CultureInfo.InvariantCulture, $"...{omitted} more");
        }

        text.Append(']');
        _needsComma = true;
    }

    public void Signed(long value) => Piece().Append(value);

    public void Unsigned(ulong value) => Piece().Append(value);

    public void Wide(UInt128 value) => Piece().Append(CultureInfo.InvariantCulture, $"0x{value:x}");

    public void Boolean(bool value) => Piece().Append(value ? "true" : "false");

    public void Character(byte value)
    {
        Piece();
        if (value is < 0x20 or > 0x7e) text.Append(value);
        else text.Append('\'').Append((char)value).Append('\'');
    }

    public void Float(double value) => Piece().Append(CultureInfo.InvariantCulture, $"{value}");

    public void Single(float value) => Piece().Append(CultureInfo.InvariantCulture, $"{value}");

    public void Pointer(ulong value) => Piece().Append(CultureInfo.InvariantCulture, $"0x{value:x}");

    public void Symbol(ReadOnlySpan<byte> utf8) => Piece().Append(Encoding.UTF8.GetString(utf8));

    public void Text(ReadOnlySpan<byte> bytes)
    {
        Piece().Append('"');
        while (!bytes.IsEmpty)
        {
            bool isValid = Rune.DecodeFromUtf8(bytes, out Rune rune, out int length) == OperationStatus.Done;
            if (!isValid || Rune.IsControl(rune)) Escape(bytes[..length]);
            else if (!BpfText.IsPrintable(rune)) text.Append(BpfText.Escape(rune)); // what turns the direction of writing, or hides
            else if (rune.Value is '"' or '\\') text.Append('\\').Append((char)rune.Value);
            else text.Append(rune.ToString());
            bytes = bytes[length..];
        }

        text.Append('"');
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++) text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : " ")}{bytes[i]:x2}");
        _needsComma = !bytes.IsEmpty;
    }

    public void Address(ReadOnlySpan<byte> bytes) => Piece().Append(CultureInfo.InvariantCulture, $"{new IPAddress(bytes)}");

    public void Missing() => Piece().Append("...truncated");

    private void Escape(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            _ = b switch
            {
                (byte)'\n' => text.Append("\\n"),
                (byte)'\t' => text.Append("\\t"),
                (byte)'\r' => text.Append("\\r"),
                _ => text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}"),
            };
        }
    }

    private void Begin()
    {
        if (_needsComma) text.Append(", ");
    }

    private StringBuilder Piece()
    {
        Begin();
        _needsComma = true;
        return text;
    }
}
