using System;
using System.Globalization;

namespace Bpf.Loader.Kernel;

/// <summary>
/// The version of a kernel. Distributions that give their kernels a release of their own name the version that they started from
/// elsewhere: Ubuntu in <c>/proc/version_signature</c>, Debian in the build text.
/// </summary>
internal readonly record struct KernelVersion(int Major, int Minor, int Patch) : IComparable<KernelVersion>
{
    /// <summary>What <c>uname -r</c> prints, which names the kernel's files; empty where there is no Linux.</summary>
    public static string Release { get; } = ReadLine("/proc/sys/kernel/osrelease") ?? "";

    /// <summary>The running kernel's; 0.0.0 where there is no Linux.</summary>
    public static KernelVersion Current { get; } =
        Parse(ReadLine("/proc/version_signature"), ReadLine("/proc/sys/kernel/version"), Release);

    /// <summary>LINUX_VERSION_CODE, with a patch number of 255 at most.</summary>
    public uint Code => ((uint)Major << 16) + ((uint)Minor << 8) + (uint)Math.Min(Patch, 255);

    /// <summary>The version by the texts that a kernel gives of itself; 0.0.0 when none can be read.</summary>
    /// <param name="signature">Ubuntu's <c>/proc/version_signature</c>, such as <c>Ubuntu 5.4.0-12.15-generic 5.4.8</c>.</param>
    /// <param name="build"><c>uname -v</c>, such as <c>#1 SMP Debian 6.1.55-1 (2023-09-29)</c>.</param>
    /// <param name="release"><c>uname -r</c>, such as <c>6.18.44</c>.</param>
    public static KernelVersion Parse(string? signature, string? build, string? release)
    {
        if (signature is not null && TryParse(Word(signature, 2), 3, out KernelVersion version))
            return version;

        const string Debian = "Debian ";
        int at = build?.IndexOf(Debian, StringComparison.Ordinal) ?? -1;
        if (at >= 0 && TryParse(build.AsSpan(at + Debian.Length), 3, out version))
            return version;

        // A release has three numbers as a rule, and two in some home-made kernels.
        return TryParse(release, 2, out version) ? version : default;
    }

    /// <inheritdoc/>
    public int CompareTo(KernelVersion other) => Code.CompareTo(other.Code);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    private static bool TryParse(ReadOnlySpan<char> text, int needed, out KernelVersion version)
    {
        Span<int> numbers = stackalloc int[3];
        int count = 0;
        while (count < numbers.Length)
        {
            int digits = 0;
            while (digits < text.Length && char.IsAsciiDigit(text[digits]))
                digits++;
            if (!int.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[count]))
                break;
            count++;
            if (digits == text.Length || text[digits] != '.')
                break;
            text = text[(digits + 1)..];
        }

        version = new KernelVersion(numbers[0], numbers[1], numbers[2]);
        return count >= needed;
    }

    private static string? Word(string text, int index)
    {
        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return index < words.Length ? words[index] : null;
    }

    // Most kernels have no version_signature; none but Linux has the others.
    private static string? ReadLine(string path) => OperatingSystem.IsLinux() ? SystemFile.TryReadText(path, out _) : null;
}
