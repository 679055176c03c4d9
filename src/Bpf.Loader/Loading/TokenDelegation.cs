using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Bpf.Loader.Loading;

/// <summary>
/// What a bpf file system delegates, as its mount options say: for each of four kinds <c>any</c>, or words of the uapi in lower
/// case and masks in hexadecimal, with colons between (kernel/bpf/inode.c of 6.9 and later).
/// </summary>
internal sealed class TokenDelegation
{
    public const string Commands = "delegate_cmds", Maps = "delegate_maps", Programs = "delegate_progs", Attachments = "delegate_attachs";

    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);

    private TokenDelegation()
    {
    }

    /// <summary>Reads the options of a mount, which commas separate.</summary>
    public static TokenDelegation Parse(string mountOptions)
    {
        var delegation = new TokenDelegation();
        foreach (string option in mountOptions.Split(','))
        {
            int equals = option.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && option[..equals] is Commands or Maps or Programs or Attachments) delegation._options[option[..equals]] = option[(equals + 1)..];
        }

        return delegation;
    }

    /// <summary>Whether a kind includes a value: a bit of the mask, or its word.</summary>
    public bool Includes(string kind, ulong value, string word) => _options.TryGetValue(kind, out string? list) && list.Split(':').Any(item =>
        item == "any" || item == word || (TryParseMask(item, out ulong mask) && value < 64 && (mask >> (int)value & 1) != 0));

    /// <summary>What a kind has, for people.</summary>
    public string Describe(string kind) => _options.TryGetValue(kind, out string? list) ? $"{kind} is '{list}'" : $"there is no {kind}";

    private static bool TryParseMask(string text, out ulong mask)
    {
        mask = 0;
        return text.StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out mask);
    }
}
