using System;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Bpf.Loader.Logging;

/// <summary>An argument of a call: what it is, and how many bytes it has.</summary>
internal readonly record struct LogArgument(LogArgumentKind Kind, int Size)
{
    /// <summary>What stands for a string that the program could not read.</summary>
    public const string Unreadable = "<unreadable>";

    // What a string that cannot be read begins with: no text does.
    private const byte UnreadableMark = 0xff;

    /// <summary>The bytes that it takes in a record.</summary>
    public int Room => (Size + 7) & ~7;

    /// <summary>The value: a number, a truth, a text, or an address of IPv4. Pointers and arrays of bytes are texts.</summary>
    public object Read(ReadOnlySpan<byte> bytes)
    {
        if (Kind is LogArgumentKind.Text or LogArgumentKind.KernelString or LogArgumentKind.UserString) return ReadText(bytes[..Size]);
        if (Kind == LogArgumentKind.Bytes) return Convert.ToHexStringLower(bytes[..Size]);
        ulong word = MemoryMarshal.Read<ulong>(bytes);
        return Kind switch
        {
            LogArgumentKind.Signed => Size > sizeof(int) ? (long)word : (object)(int)word,
            LogArgumentKind.Boolean => word != 0,
            LogArgumentKind.Pointer => $"0x{word:x}",
            LogArgumentKind.IP4 => new IPAddress((long)(uint)word),
            _ => Size > sizeof(uint) ? word : (object)(uint)word,
        };
    }

    private static string ReadText(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty && bytes[0] == UnreadableMark) return Unreadable;
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
