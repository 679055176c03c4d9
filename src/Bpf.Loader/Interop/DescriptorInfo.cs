using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>The numbers in a file of <c>/proc/PID/fdinfo</c>.</summary>
[SupportedOSPlatform("linux")]
internal sealed class DescriptorInfo
{
    private readonly Dictionary<string, ulong> _numbers;

    private DescriptorInfo(Dictionary<string, ulong> numbers) => _numbers = numbers;

    /// <summary>A number by its name; null when the file has none of that name.</summary>
    public ulong? this[string name] => _numbers.TryGetValue(name, out ulong number) ? number : null;

    /// <summary>Reads one of a process; null when it is gone or may not be read.</summary>
    /// <param name="process">Its number, or <c>self</c>.</param>
    /// <param name="descriptor">The descriptor.</param>
    public static DescriptorInfo? Read(string process, int descriptor) =>
        Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fdinfo/{descriptor}"));

    /// <inheritdoc cref="Read(string, int)"/>
    /// <param name="path">Its path.</param>
    public static DescriptorInfo? Read(string path)
    {
        try
        {
            var numbers = new Dictionary<string, ulong>();
            foreach (string line in File.ReadLines(path))
            {
                int colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon < 0)
                    continue;
                ReadOnlySpan<char> text = line.AsSpan(colon + 1).Trim();
                bool isHex = text.StartsWith("0x", StringComparison.Ordinal);
                if (ulong.TryParse(isHex ? text[2..] : text, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
                    numbers[line[..colon]] = number;
            }

            return new DescriptorInfo(numbers);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
