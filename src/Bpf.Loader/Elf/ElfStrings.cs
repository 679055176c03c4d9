using System;

namespace Bpf.Loader.Elf;

/// <summary>Strings of a string table, cut in place.</summary>
internal static class ElfStrings
{
    public static ReadOnlySpan<byte> Get(ReadOnlyMemory<byte> table, uint offset, string user)
    {
        if (offset < (uint)table.Length)
        {
            ReadOnlySpan<byte> rest = table.Span[(int)offset..];
            int end = rest.IndexOf((byte)0);
            if (end >= 0) return rest[..end];
            throw new BpfFormatException($"The string at offset 0x{offset:x} of the string table has no terminator.", user, null, BpfDiagnosticId.BadString);
        }

        // An absent table names nothing: offset 0 is the empty name.
        if (offset == 0) return default;
        throw new BpfFormatException($"A name lies at offset 0x{offset:x}, outside of its string table of {table.Length} bytes.", user, null, BpfDiagnosticId.BadString);
    }
}
