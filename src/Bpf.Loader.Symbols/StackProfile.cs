using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Bpf.Loader.Symbols.Profiles;

namespace Bpf.Loader.Symbols;

/// <summary>Stacks with how often each was seen, or with what was counted at each: samples, bytes, nanoseconds.</summary>
/// <remarks>Not to be used by several threads at once.</remarks>
public sealed class StackProfile
{
    private readonly Dictionary<CallStack, long> _stacks = [];

    /// <summary>What it shows, for titles.</summary>
    public string Title { get; init; } = "CPU time";

    /// <summary>What is counted, in the plural.</summary>
    public string ValueName { get; init; } = "samples";

    /// <summary>The unit of what is counted, as pprof has it: <c>count</c>, <c>bytes</c>, <c>nanoseconds</c>.</summary>
    public string Unit { get; init; } = "count";

    /// <summary>How much time a sample stands for; zero when none was taken by time.</summary>
    public TimeSpan Period { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset Start { get; init; } = DateTimeOffset.UtcNow;

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>The stacks with their counts, in the order in which they came.</summary>
    public IReadOnlyDictionary<CallStack, long> Stacks => _stacks;

    /// <summary>The sum of all counts.</summary>
    public long Total { get; private set; }

    /// <summary>Adds a stack, or to its count.</summary>
    /// <param name="stack">The stack.</param>
    /// <param name="count">How often it was seen, or how much was counted.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public void Add(CallStack stack, long count = 1)
    {
        ArgumentNullException.ThrowIfNull(stack);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count == 0) return;
        _stacks[stack] = _stacks.GetValueOrDefault(stack) + count;
        Total += count;
    }

    /// <summary>Writes it.</summary>
    /// <param name="to">Where to; it stays open.</param>
    /// <param name="format">How.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(Stream to, ProfileFormat format)
    {
        ArgumentNullException.ThrowIfNull(to);
        switch (format)
        {
            case ProfileFormat.Folded:
                using (var text = new StreamWriter(to, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" }) FoldedWriter.Write(StackTree.Of(this), text);
                break;
            case ProfileFormat.FlameGraph:
                FlameGraphWriter.Write(this, to);
                break;
            case ProfileFormat.Pprof:
                PprofWriter.Write(this, to);
                break;
            case ProfileFormat.Speedscope:
                SpeedscopeWriter.Write(this, to);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format), format, null);
        }
    }

    /// <summary>Writes it into a file, which is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">How.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public void Save(string path, ProfileFormat format)
    {
        using FileStream file = File.Create(path);
        Write(file, format);
    }
}
