using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>
/// A verifier log as the way that it tells: the instructions up to the refusal, in the order in which they would have run. With log level 1
/// the verifier takes back what it wrote of ways that ended well, so that only the one that failed is left.
/// </summary>
internal sealed partial class VerifierTrace
{
    private readonly List<TraceStep> _steps = [];
    private readonly List<string> _verdict = [];
    private SourceLine? _source;
    private int _frame;

    private VerifierTrace()
    {
    }

    /// <summary>The way.</summary>
    public IReadOnlyList<TraceStep> Steps => _steps;

    /// <summary>The last instruction before the refusal; null when the program was refused before any.</summary>
    public TraceStep? Last => _steps.Count == 0 ? null : _steps[^1];

    /// <summary>What the verifier said behind the last instruction: why it refused, the last lines of it.</summary>
    public IReadOnlyList<string> Verdict => _verdict;

    /// <summary>How many instructions were looked at; 0 when the log does not say.</summary>
    public long Processed { get; private set; }

    /// <summary>Reads a log. What it does not understand, it passes over.</summary>
    public static VerifierTrace Parse(ReadOnlySpan<char> log)
    {
        var trace = new VerifierTrace();

        // The report of 7.3 repeats instructions.
        foreach (ReadOnlySpan<char> raw in log[..VerifierReport.FindStart(log)].EnumerateLines()) trace.Add(raw.TrimEnd(" \t\0\r"));
        return trace;
    }

    private void Add(ReadOnlySpan<char> line)
    {
        if (line.IsEmpty) return;
        if (line.StartsWith("; "))
        {
            _source = ParseSource(line[2..]);
        }
        else if (char.IsAsciiDigit(line[0]) && StepForm().Match(line.ToString()) is { Success: true } step)
        {
            AddStep(step);
        }
        else if (line.StartsWith("from ") || IsState(line))
        {
            Enter(RegisterStates.Parse(line[(line.IndexOf(':') + 1)..]));
        }
        else if (!IsNoise(line))
        {
            AddVerdict(line);
        }
    }

    // Some verdicts have no line end, and the statistics stand right behind them.
    private void AddVerdict(ReadOnlySpan<char> line)
    {
        const string Statistics = "processed ";
        int at = line.IndexOf(Statistics);
        if (at >= 0 && line.Contains(" insns (limit", StringComparison.Ordinal))
        {
            ReadOnlySpan<char> number = line[(at + Statistics.Length)..];
            if (long.TryParse(number[..number.IndexOf(' ')], NumberStyles.None, CultureInfo.InvariantCulture, out long count)) Processed = count;
            line = line[..at];
        }

        if (!line.IsEmpty) _verdict.Add(line.ToString());
    }

    private void AddStep(Match match)
    {
        if (!int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int instruction)) return;
        _verdict.Clear();
        string text = match.Groups[2].Value;

        // What is known behind the instruction stands behind a semicolon, or behind the number of the instruction that a decided branch leads to.
        RegisterStates? after = null;
        if (text.IndexOf(';') is >= 0 and int semicolon)
        {
            after = RegisterStates.Parse(text.AsSpan(semicolon + 1));
            text = text[..semicolon];
        }
        else if (StateForm().Match(text) is { Success: true } state)
        {
            after = RegisterStates.Parse(text.AsSpan(state.Index + state.Length));
            text = text[..state.Index];
        }

        // Of a branch that nothing is printed behind, the verdict stands in the same line.
        string? verdict = null;
        if (BehindJump().Match(text) is { Success: true } behind) (text, verdict) = (behind.Groups[1].Value, behind.Groups[2].Value);

        var operation = Operation.Parse(text.Trim());
        if (after is not null && operation.Kind is not (OperationKind.CallFunction or OperationKind.Exit)) _frame = after.Frame;
        _steps.Add(new TraceStep(_steps.Count, instruction, operation, _frame, _source) { After = after });
        if (verdict is not null) AddVerdict(verdict);
    }

    // Full states are printed at the beginning, behind branches, and when a function is entered or left.
    private void Enter(RegisterStates? states)
    {
        if (states is null) return;
        _frame = states.Frame;
        if (Last is { After: null } last && last.Frame == _frame) last.After = states;
    }

    private static bool IsState(ReadOnlySpan<char> line)
        => line.StartsWith(" R") || line.StartsWith(" frame") || line.StartsWith("frame") || (char.IsAsciiDigit(line[0]) && StateLine().IsMatch(line));

    // Remarks of the verifier about its own work, which are no verdict.
    private static bool IsNoise(ReadOnlySpan<char> line)
        => line.StartsWith("func#") || line.StartsWith("mark_precise") || line.StartsWith("last_idx") || line.StartsWith("regs=") || line.StartsWith("parent ")
            || line.StartsWith("verification time ") || line.StartsWith("stack depth ") || line.StartsWith("Validating ") || line.StartsWith("Func#")
            || (line.StartsWith("arg#") && (line.Contains("size cannot be determined", StringComparison.Ordinal) || line.EndsWith("type is not a struct")))
            || (line.StartsWith("func '") && line.Contains(" has btf_id ", StringComparison.Ordinal))
            || line is "caller:" or "callee:" or "returning from callee:" || line.StartsWith("to caller at ")
            || line.EndsWith(": safe") || line.StartsWith("propagating ");

    // Since 6.8 the line ends in " @ file.bpf.c:12", since 7.3 with a column as well.
    private static SourceLine ParseSource(ReadOnlySpan<char> text)
    {
        int at = text.LastIndexOf(" @ ");
        if (at < 0) return new SourceLine(null, 0, 0, text.Trim().ToString());
        ReadOnlySpan<char> place = text[(at + 3)..].Trim();
        int colon = place.LastIndexOf(':');
        int line = 0;
        return colon > 0 && int.TryParse(place[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out line)
            ? new SourceLine(place[..colon].ToString(), line, 0, text[..at].ToString())
            : new SourceLine(null, 0, 0, text.Trim().ToString());
    }

    [GeneratedRegex(@"^(\d+): \([0-9a-f]{2}\) (.*)$")]
    private static partial Regex StepForm();

    [GeneratedRegex(@" \d+: (?=R\d|frame\d)")]
    private static partial Regex StateForm();

    [GeneratedRegex(@"^(.*\bgotol? pc[+-]\d+) +([A-Za-z].*)$")]
    private static partial Regex BehindJump();

    [GeneratedRegex(@"^\d+: ?(?:R\d|frame\d)")]
    private static partial Regex StateLine();
}
