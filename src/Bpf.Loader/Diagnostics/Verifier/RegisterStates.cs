using System;
using System.Collections.Generic;
using System.Globalization;

namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>
/// What the verifier printed of registers at a place of its walk: <c>R0=map_value_or_null(id=1,map=stats,ks=4,vs=16)</c>. Kernels before
/// 5.18 say <c>inv</c> for a scalar and put marks behind the register (<c>R0_w=inv(id=0)</c>).
/// </summary>
internal sealed class RegisterStates
{
    private readonly Dictionary<int, string> _states;

    private RegisterStates(Dictionary<int, string> states, int frame) => (_states, Frame) = (states, frame);

    /// <summary>The frame that they are of; that of the program itself, 0, is not printed.</summary>
    public int Frame { get; }

    /// <summary>What is known of a register; null when the line says nothing of it.</summary>
    public string? this[int register] => _states.GetValueOrDefault(register);

    /// <summary>Reads the states of a line; null when it has none.</summary>
    public static RegisterStates? Parse(ReadOnlySpan<char> text)
    {
        int frame = 0;
        text = text.TrimStart(" ;");
        if (text.StartsWith("frame") && text.IndexOf(':') is > 5 and int colon && int.TryParse(text[5..colon], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            frame = number;
            text = text[(colon + 1)..];
        }

        var states = new Dictionary<int, string>();
        while (true)
        {
            text = text.TrimStart();
            int equals = text.IndexOf('=');
            if (equals <= 0) break;
            ReadOnlySpan<char> name = text[..equals];
            int end = EndOfValue(text, equals + 1);
            if (name[0] == 'R' && RegisterOf(name[1..]) is int register) states[register] = text[(equals + 1)..end].ToString();
            text = text[end..];
        }

        return states.Count == 0 && frame == 0 ? null : new RegisterStates(states, frame);
    }

    /// <summary>The kind of value in a state: <c>map_value_or_null</c> of <c>map_value_or_null(id=1)</c>; numbers are <c>scalar</c> on all kernels.</summary>
    public static string KindOf(string state)
    {
        int end = state.AsSpan().IndexOfAny('(', ',');
        string kind = end < 0 ? state : state[..end];
        bool isNumber = kind.Length > 0 && (char.IsAsciiDigit(kind[0]) || kind[0] == '-');
        return isNumber || kind.StartsWith("inv", StringComparison.Ordinal) || kind.StartsWith('P') ? "scalar" : kind;
    }

    /// <summary>An attribute of a state, such as <c>map</c> of <c>map_value(map=stats,ks=4,vs=16)</c>; null when it has none.</summary>
    public static string? AttributeOf(string state, string name)
    {
        for (int at = 0; (at = state.IndexOf(name, at, StringComparison.Ordinal)) >= 0; at += name.Length)
        {
            int value = at + name.Length;
            if (at == 0 || state[at - 1] is not ('(' or ',') || value >= state.Length || state[value] != '=') continue;
            int end = state.AsSpan(value + 1).IndexOfAny(',', ')');
            return end < 0 ? state[(value + 1)..] : state.Substring(value + 1, end);
        }

        return null;
    }

    // Behind the number stand marks of liveness before 6.x: R0_w, R1_rw.
    private static int? RegisterOf(ReadOnlySpan<char> name)
    {
        int digits = 0;
        while (digits < name.Length && char.IsAsciiDigit(name[digits])) digits++;
        return digits > 0 && int.TryParse(name[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out int register) ? register : null;
    }

    // A value ends at a blank outside of its parentheses.
    private static int EndOfValue(ReadOnlySpan<char> text, int at)
    {
        int depth = 0;
        for (; at < text.Length; at++)
        {
            if (text[at] == '(') depth++;
            else if (text[at] == ')') depth--;
            else if (text[at] == ' ' && depth <= 0) break;
        }

        return at;
    }
}
