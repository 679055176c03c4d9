using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.IO.Compression;
using System.Text;

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

    private static FileStream OpenSystem(out string path)
    {
        string boot = $"/boot/config-{KernelVersion.Release}";
        foreach (string candidate in (string[])[boot, ProcPath])
        {
            path = candidate;
            try
            {
                return File.OpenRead(candidate);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // The next one may be there.
                continue;
            }
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
