using System;
using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader;

/// <summary>
/// Everything that is told about one thing that went wrong or was noticed. Exceptions, warnings of a load, the build, <c>--json</c> and
/// logs all carry this record, and print it from one place.
/// </summary>
public sealed record BpfFinding
{
    /// <summary>The stable id.</summary>
    public required BpfDiagnosticId Id { get; init; }

    /// <summary>How much it matters.</summary>
    public BpfSeverity Severity { get; init; } = BpfSeverity.Error;

    /// <summary>What is wrong, in the words of who wrote the program: a sentence.</summary>
    public required string What { get; init; }

    /// <summary>Where it is: the line and column of C, where they are known.</summary>
    public BpfLocation Place { get; init; }

    /// <summary>Where the value that is at fault came from, the nearest first; empty when that is not known.</summary>
    public IReadOnlyList<BpfOrigin> Origins { get; init; } = [];

    /// <summary>Why it is wrong, a sentence or two; null when <see cref="What"/> says all.</summary>
    public string? Cause { get; init; }

    /// <summary>What to do about it, a sentence or two; null when nothing is known to help.</summary>
    public string? Cure { get; init; }

    /// <summary>What the kernel said, verbatim; null when it was not asked.</summary>
    public string? KernelWords { get; init; }

    /// <summary>All of it in one line, without id and place: for logs and lists that have fields of their own for those.</summary>
    public string Message => FindingText.Message(this);

    /// <summary>Two findings are the same when they say the same.</summary>
    public bool Equals(BpfFinding? other)
        => other is not null && Id == other.Id && Severity == other.Severity && What == other.What && Place == other.Place && Origins.SequenceEqual(other.Origins)
            && Cause == other.Cause && Cure == other.Cure && KernelWords == other.KernelWords;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, What, Place);

    /// <summary>The finding as a line, in the order that compilers use: place, severity, id, and <see cref="Message"/>.</summary>
    public string ToLine() => FindingText.Line(this);

    /// <summary>The finding for people, in lines of at most so many columns.</summary>
    /// <param name="width">The columns; at least 40.</param>
    public string ToString(int width) => FindingText.Format(this, width);

    /// <summary>The finding for people, in lines of at most 100 columns: what, the source with a mark, origin, cause, cure, and the kernel's words.</summary>
    public override string ToString() => FindingText.Format(this, FindingText.DefaultWidth);
}
