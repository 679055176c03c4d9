using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Diagnostics;

namespace Bpf.Loader.Kernel;

/// <summary>The configuration that the kernel was built with: the values of those options that are asked for.</summary>
internal sealed class KernelConfig
{
    private const string ProcPath = "/proc/config.gz";

    private readonly HashSet<string> _wanted;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    private KernelConfig(IEnumerable<string> wanted)
    {
        _wanted = new HashSet<string>(wanted, StringComparer.Ordinal);
    }

    /// <summary>Whether every option has a value.</summary>
    public bool IsComplete => _values.Count == _wanted.Count;

    /// <summary>
    /// The values from a text of the caller's, which win, and of what that leaves open from the running kernel's configuration.
    /// </summary>
    /// <param name="wanted">The options, with their <c>CONFIG_</c>.</param>
    /// <param name="text">Lines as in a <c>.config</c>, or none.</param>
    /// <exception cref="BpfException">The kernel's configuration is needed and there is none.</exception>
    /// <exception cref="BpfFormatException">A line is malformed.</exception>
    [SupportedOSPlatform("linux")]
    public static KernelConfig Read(IEnumerable<string> wanted, string? text)
    {
        KernelConfig config = Parse(wanted, text);
        if (config.IsComplete)
            return config;
        using Stream stream = OpenSystem(out string path);
        config.Add(stream, path);
        return config;
    }

    /// <summary>The values from a text alone.</summary>
    /// <exception cref="BpfFormatException">A line is malformed.</exception>
    public static KernelConfig Parse(IEnumerable<string> wanted, string? text)
    {
        var config = new KernelConfig(wanted);
        if (text is not null)
            config.Add(new MemoryStream(Encoding.UTF8.GetBytes(text)), "the given kernel configuration");
        return config;
    }

    /// <summary>Says of an option that is not set whether the kernel knows it, or one that is called nearly so, for messages; null when it knows neither.</summary>
    [SupportedOSPlatform("linux")]
    public static string? FindNear(string name)
    {
        try
        {
            using Stream stream = OpenSystem(out _);
            return FindNear(stream, name);
        }
        catch (Exception failure) when (failure is BpfException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>Says of an option that is not set whether a configuration knows it, or one that is called nearly so; null when it knows neither.</summary>
    public static string? FindNear(Stream stream, string name)
    {
        const string Off = "# ", NotSet = " is not set";
        var close = new CloseNames(name);
        using var lines = new LineReader(Unpack(stream));
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            string text = Encoding.UTF8.GetString(line);
            bool isOff = text.StartsWith(Off, StringComparison.Ordinal) && text.EndsWith(NotSet, StringComparison.Ordinal);
            string option = isOff ? text[Off.Length..^NotSet.Length] : text.Split('=')[0];
            if (!option.StartsWith("CONFIG_", StringComparison.Ordinal)) continue;
            if (isOff && option == name) return "The kernel knows it, and was built without it.";
            close.Add(option);
        }

        return close.Question;
    }

    /// <summary>Adds values from a stream, plain or packed by gzip; the first value of an option stays.</summary>
    /// <exception cref="BpfFormatException">A line is malformed.</exception>
    public void Add(Stream stream, string source)
    {
        using var lines = new LineReader(Unpack(stream));
        try
        {
            for (long number = 1; !IsComplete && lines.TryRead(out ReadOnlySpan<byte> line); number++)
                AddLine(line, number, source);
        }
        catch (InvalidDataException exception)
        {
            throw new BpfFormatException($"{source} is no gzip file: {exception.Message}", exception);
        }
    }

    /// <summary>What stands behind the <c>=</c> of an option that was asked for; <see langword="false"/> when it is not set.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value) => _values.TryGetValue(name, out value);

    [SupportedOSPlatform("linux")]
    private static MemoryStream OpenSystem(out string path)
    {
        string boot = $"/boot/config-{KernelVersion.Release}";
        foreach (string candidate in (string[])[boot, ProcPath])
        {
            path = candidate;
            // The next one may be there.
            if (SystemFile.TryReadBytes(candidate, out _) is { } bytes) return new MemoryStream(bytes);
        }

        throw new BpfException(
            "open",
            Errno.ENOENT,
            "the kernel's configuration",
            $"Looked for {boot} and {ProcPath} (CONFIG_IKCONFIG_PROC). Give the values that the program asks for.",
            BpfDiagnosticId.NoKernelConfig);
    }

    private static Stream Unpack(Stream stream)
    {
        var buffered = new BufferedStream(stream, 1 << 14);
        if (!buffered.CanSeek)
            return buffered;
        bool packed = buffered.ReadByte() == 0x1f && buffered.ReadByte() == 0x8b;
        buffered.Position = 0;
        return packed ? new GZipStream(buffered, CompressionMode.Decompress) : buffered;
    }

    private void AddLine(ReadOnlySpan<byte> line, long number, string source)
    {
        if (!line.StartsWith("CONFIG_"u8))
            return;
        int equals = line.IndexOf((byte)'=');
        if (equals < 0 || equals == line.Length - 1)
        {
            string text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 80)]);
            throw new BpfFormatException($"Line {number}, '{text}', has no value.", source);
        }

        string name = Encoding.UTF8.GetString(line[..equals]);
        if (_wanted.Contains(name))
            _values.TryAdd(name, Encoding.UTF8.GetString(line[(equals + 1)..]));
    }
}
