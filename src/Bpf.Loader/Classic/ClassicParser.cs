using System;
using System.Collections.Generic;

namespace Bpf.Loader.Classic;

/// <summary>
/// Reads assembly in the syntax of <c>bpf_asm</c>, with labels, and of <c>tcpdump -d</c>, whose jumps name the index of an instruction.
/// </summary>
internal sealed partial class ClassicParser
{
    // The farthest that a condition passes over: jt and jf have 8 bits.
    private const int Farthest = byte.MaxValue;

    private readonly List<ClassicToken> _tokens;
    private readonly List<Statement> _statements = [];
    private readonly Dictionary<string, int> _labels = [];
    private int _at;

    public ClassicParser(string text) => _tokens = ClassicLexer.Read(text);

    private ClassicToken Next => _tokens[_at];

    /// <summary>Reads all of it.</summary>
    /// <exception cref="BpfFormatException">Something in it is wrong.</exception>
    public ClassicInstruction[] Parse()
    {
        while (Next.Text.Length > 0)
        {
            if (_tokens[Math.Min(_at + 1, _tokens.Count - 1)].Text == ":" && Next.IsWord) ReadLabel();
            else if (Next.Text == "(") ReadIndex();
            else ReadStatement();
        }

        var instructions = new ClassicInstruction[_statements.Count];
        for (int i = 0; i < instructions.Length; i++) instructions[i] = Resolve(_statements[i], i);
        return instructions;
    }

    private void ReadLabel()
    {
        if (!_labels.TryAdd(Next.Text, _statements.Count)) throw Malformed($"the label '{Next.Text}' is set twice");
        _at += 2;
    }

    /// <summary>The index of a line of tcpdump's, <c>(012)</c>, which is read as the decimal number that it is.</summary>
    private void ReadIndex()
    {
        Take("(");
        string text = Next.Text;
        if (!int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int index) || index != _statements.Count)
            throw Malformed($"the line has the index '{text}', and is instruction {_statements.Count}: jumps would go elsewhere");
        _at++;
        Take(")");
    }

    private ClassicInstruction Resolve(Statement statement, int index)
    {
        if (statement.Code == ClassicCode.Goto) return new ClassicInstruction(ClassicCode.Goto, 0, 0, (uint)Distance(statement.True, index, statement.Line, int.MaxValue));
        byte jumpTrue = (byte)Distance(statement.True, index, statement.Line, Farthest), jumpFalse = (byte)Distance(statement.False, index, statement.Line, Farthest);
        return new ClassicInstruction((ushort)statement.Code, jumpTrue, jumpFalse, statement.Constant);
    }

    private int Distance(ClassicToken? target, int from, int line, int most)
    {
        if (target is not { } named) return 0;
        long to = named.Number ?? (_labels.TryGetValue(named.Text, out int at) ? at : throw ClassicLexer.Malformed(line, $"the label '{named.Text}' is set nowhere"));
        long distance = to - from - 1;
        if (distance < 0) throw ClassicLexer.Malformed(line, $"it jumps back to '{named.Text}', and jumps of classic BPF go forward only");
        return distance <= most ? (int)distance
            : throw ClassicLexer.Malformed(line, $"'{named.Text}' is {distance} instructions away, and a condition passes over {most} at most; jump there by 'jmp'");
    }

    private void Add(int code, uint constant = 0, ClassicToken? jumpTrue = null, ClassicToken? jumpFalse = null) =>
        _statements.Add(new Statement(code, constant, jumpTrue, jumpFalse, _tokens[Math.Max(_at - 1, 0)].Line));

    private bool TryTake(string text)
    {
        if (Next.Text != text) return false;
        _at++;
        return true;
    }

    private void Take(string text)
    {
        if (!TryTake(text)) throw Malformed($"'{text}' is expected, and {Found} stands there");
    }

    private uint TakeNumber()
    {
        if (Next.Number is not { } number) throw Malformed($"a number is expected, and {Found} stands there");
        _at++;
        return (uint)number;
    }

    private string Found => Next.Text.Length == 0 ? "the end of the text" : $"'{Next.Text}'";

    private BpfFormatException Malformed(string reason) => ClassicLexer.Malformed(Next.Line, reason);

    private readonly record struct Statement(int Code, uint Constant, ClassicToken? True, ClassicToken? False, int Line);
}
