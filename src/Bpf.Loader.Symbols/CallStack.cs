using System;
using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Symbols;

/// <summary>A stack with its names. Two are equal when their frames are: the same functions at the same addresses.</summary>
public sealed class CallStack : IEquatable<CallStack>
{
    private readonly CallFrame[] _frames;
    private readonly int _hash;

    /// <summary>Makes a stack of frames.</summary>
    /// <param name="frames">The frames from the outside in: first who called all others, last the function that was running.</param>
    public CallStack(IEnumerable<CallFrame> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        _frames = [.. frames];
        var hash = new HashCode();
        foreach (CallFrame frame in _frames)
        {
            hash.Add(frame.Address);
            hash.Add(frame.Symbol.Name, StringComparer.Ordinal);
        }

        _hash = hash.ToHashCode();
    }

    /// <summary>The frames from the outside in.</summary>
    public IReadOnlyList<CallFrame> Frames => _frames;

    /// <summary>The process that it is of; 0 when it is of none.</summary>
    public int ProcessId { get; init; }

    /// <summary>Whether another stack has the same frames, and is of the same process.</summary>
    /// <param name="other">The other.</param>
    public bool Equals(CallStack? other) =>
        other is not null && _hash == other._hash && ProcessId == other.ProcessId && _frames.AsSpan().SequenceEqual(other._frames);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as CallStack);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <summary>The stack as folded text: <c>main;work;read</c>.</summary>
    public override string ToString() => string.Join(';', _frames.Select(static frame => Clean(frame.ToString())));

    // What separates frames, and stacks, is not to be in a name.
    internal static string Clean(string name)
    {
        if (!name.AsSpan().ContainsAny(';', '\n', '\r')) return name;
        return name.Replace(';', ':').Replace('\n', ' ').Replace('\r', ' ');
    }
}
