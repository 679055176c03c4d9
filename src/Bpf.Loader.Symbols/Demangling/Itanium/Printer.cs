using System;
using System.Buffers;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>
/// Where a name is printed to. A substitution stands for what may hold others of its kind, so that a short name may stand for one that
/// is longer than the memory, or for one that takes forever to be found empty: both are counted.
/// </summary>
internal sealed class Printer : IDisposable
{
    private const int Longest = 1 << 20, MostSteps = 1 << 20, Deepest = 512, Usual = 1024;

    private char[] _text = ArrayPool<char>.Shared.Rent(Usual);
    private int _steps;
    private int _depth;

    /// <summary>Which argument of a pack is printed; negative for all of them.</summary>
    public int PackIndex { get; set; }

    /// <summary>How many arguments the pack has that is being expanded; negative as long as none was met.</summary>
    public int PackCount { get; set; } = -1;

    /// <summary>What the parameters of the template stand for that is printed; null outside of one.</summary>
    public TemplateScope? Scope { get; set; }

    /// <summary>How many letters were printed.</summary>
    public int Length { get; private set; }

    /// <summary>The letter that was printed last, even if it was taken back; NUL at the beginning.</summary>
    public char Last { get; private set; }

    /// <summary>Appends a letter.</summary>
    public void Append(char letter)
    {
        Reserve(1);
        _text[Length++] = letter;
        Last = letter;
    }

    /// <summary>Appends a text.</summary>
    public void Append(string text)
    {
        if (text.Length == 0) return;
        Reserve(text.Length);
        text.CopyTo(_text.AsSpan(Length));
        Length += text.Length;
        Last = text[^1];
    }

    /// <summary>Prints a whole node.</summary>
    public void Print(Node node)
    {
        Left(node);
        Right(node);
    }

    /// <summary>Prints what stands before the name.</summary>
    public void Left(Node node)
    {
        Step();
        if (++_depth > Deepest) throw new DemangleException();
        node.PrintLeft(this);
        _depth--;
    }

    /// <summary>Prints what stands behind the name.</summary>
    public void Right(Node node)
    {
        Step();
        if (++_depth > Deepest) throw new DemangleException();
        node.PrintRight(this);
        _depth--;
    }

    /// <summary>Prints an operand, in parentheses where its operator might be taken for the other's.</summary>
    public void Operand(Node node)
    {
        if (node.IsSimple)
        {
            Print(node);
            return;
        }

        Append('(');
        Print(node);
        Append(')');
    }

    /// <summary>Whether what was printed ends in a text.</summary>
    public bool EndsWith(string text) => _text.AsSpan(0, Length).EndsWith(text);

    /// <summary>Takes back what was printed since there were so many letters.</summary>
    public void Truncate(int length) => Length = length;

    /// <summary>Counts a step, of which there are not too many.</summary>
    public void Step()
    {
        if (++_steps > MostSteps) throw new DemangleException();
    }

    public override string ToString() => new(_text, 0, Length);

    /// <summary>Lets others print where this printed.</summary>
    public void Dispose()
    {
        ArrayPool<char>.Shared.Return(_text);
        _text = [];
    }

    private void Reserve(int count)
    {
        if (count <= _text.Length - Length) return;
        if (count > Longest - Length) throw new DemangleException();
        char[] larger = ArrayPool<char>.Shared.Rent(Math.Min(Math.Max(_text.Length * 2, Length + count), Longest));
        _text.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<char>.Shared.Return(_text);
        _text = larger;
    }
}
