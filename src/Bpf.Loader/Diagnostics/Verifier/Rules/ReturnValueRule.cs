using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>The program, or a callback, returns what the kernel does not take.</summary>
internal sealed partial class ReturnValueRule : IVerifierRule
{
    public BpfFinding? Explain(VerifierCase refusal)
    {
        if (refusal.Last is not TraceStep last || Form().Match(refusal.Verdict) is not { Success: true } match) return null;
        bool isCallback = match.Groups[1].Value.Contains("callback", StringComparison.Ordinal);
        string who = isCallback ? "The callback" : "The program";
        ValueOrigin origin = refusal.Provenance.Of(last, 0);
        string value = Value(refusal.Verdict);
        string range = Range().Match(refusal.Verdict) is { Success: true } allowed ? Interval(allowed) : "";
        string hook = refusal.Program.Section.Length == 0 || isCallback ? "" : $" for SEC(\"{refusal.Program.Section}\")";
        TraceStep? place = origin.Step ?? last;
        if (refusal.Verdict.Contains("not a known value", StringComparison.Ordinal) || refusal.Verdict.Contains("not a scalar", StringComparison.Ordinal))
            return refusal.FindingAt(place, BpfDiagnosticId.WrongReturnValue, $"{who} returns a pointer, and a number is asked{hook}.", null, $"Return a number{(range.Length == 0 ? "" : $" of {range}")}.", refusal.Describe(origin));
        string cure = Meaning(refusal.Program.Type) is string meaning && !isCallback ? $"Return {range}: {meaning}" : $"Return {(range.Length == 0 ? "what the hook takes" : range)} on every way.";
        if (origin.Kind is not ValueOriginKind.Constant) cure += " A number that comes from elsewhere must be compared before.";
        return refusal.FindingAt(
            place, BpfDiagnosticId.WrongReturnValue, $"{who} may return {value}, and {(range.Length == 0 ? "that is not allowed" : $"only {range} {(range.Contains(' ', StringComparison.Ordinal) ? "are" : "is")} allowed")}{hook}.",
            isCallback ? "The kernel goes on with 0 and ends the loop with 1." : "The kernel decides by the result, and other values mean nothing there.", cure, origin.Kind == ValueOriginKind.Constant ? [] : [refusal.Describe(origin)]);
    }

    // 5.10: "has value (0xffffffff; 0x0)"; since 6.8: "has smin=.. smax=..".
    private static string Value(string verdict)
    {
        if (Limits().Match(verdict) is { Success: true } limits)
        {
            string low = limits.Groups[1].Value, high = limits.Groups[2].Value;
            return low == high ? Signed(low) : $"anything from {low} to {high}";
        }

        if (KnownBits().Match(verdict) is { Success: true } known && ulong.TryParse(known.Groups[1].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong bits))
            return known.Groups[2].Value == "0" ? Signed(bits.ToString(CultureInfo.InvariantCulture)) : "more than that";
        return "any number";
    }

    // A 32-bit number is extended with zeros on its way out.
    private static string Signed(string number)
        => ulong.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out ulong bits) && bits > long.MaxValue
            ? ((long)bits).ToString(CultureInfo.InvariantCulture)
            : long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value is > int.MaxValue and < uint.MaxValue or uint.MaxValue
            ? ((int)(uint)value).ToString(CultureInfo.InvariantCulture)
            : number;

    private static string Interval(Match match)
    {
        if (match.Groups[1].Success) return Interval(match.Groups[1].Value, match.Groups[2].Value);
        _ = ulong.TryParse(match.Groups[3].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low);
        _ = ulong.TryParse(match.Groups[4].ValueSpan, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong mask);
        return Interval($"{low}", $"{low + mask}");
    }

    private static string Interval(string low, string high) => low == high ? low : (low, high) is ("0", "1") ? "0 or 1" : $"{low} to {high}";

    private static string? Meaning(BpfProgramType type) => type switch
    {
        BpfProgramType.CgroupSkb or BpfProgramType.CgroupSock or BpfProgramType.CgroupSockAddr or BpfProgramType.CgroupDevice or BpfProgramType.CgroupSysctl or BpfProgramType.CgroupSockOpt
            => "1 lets it pass, 0 refuses it (bpf_set_retval() chooses the errno, kernel 5.18).",
        BpfProgramType.SkLookup or BpfProgramType.SkMsg or BpfProgramType.SkSkb or BpfProgramType.SkReusePort => "SK_PASS is 1 and SK_DROP is 0.",
        BpfProgramType.Lsm => "0 lets it pass, a negative errno refuses it.",
        BpfProgramType.Netfilter => "NF_DROP is 0 and NF_ACCEPT is 1.",
        BpfProgramType.FlowDissector => "BPF_OK is 0 and BPF_DROP is 2.",
        _ => null,
    };

    [GeneratedRegex(@"(At program exit|At async callback return|At callback return|In callback|At subprogram exit) the register R0 (?:has|is)|R0 is not a known value|exit the register R0")]
    private static partial Regex Form();

    [GeneratedRegex(@"smin=(-?\d+) smax=(-?\d+)")]
    private static partial Regex Limits();

    [GeneratedRegex(@"has value \(0x([0-9a-f]+); 0x([0-9a-f]+)\)")]
    private static partial Regex KnownBits();

    [GeneratedRegex(@"should have been in (?:\[(-?\d+), (-?\d+)\]|\(0x([0-9a-f]+); 0x([0-9a-f]+)\))")]
    private static partial Regex Range();
}
