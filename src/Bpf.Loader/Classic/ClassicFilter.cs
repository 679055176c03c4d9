using System;
using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Classic;

/// <summary>
/// A filter of classic BPF, the language of <c>tcpdump</c>, of socket filters and of seccomp: read and written in all its forms, checked
/// as the kernel checks it, and translated to BPF as the kernel translates it.
/// </summary>
/// <remarks>
/// Machines of classic BPF have an accumulator A, an index X and 16 words of scratch memory; jumps go forward only, so that each filter
/// ends. <see cref="Links.ClassicFilterAttacher"/> attaches filters to sockets, and <see cref="Links.SeccompFilter"/> to threads.
/// </remarks>
/// <example>
/// <code>
/// var filter = ClassicFilter.Parse("""
///         ldh [12]
///         jne #0x806, drop
///         ret #-1
///   drop: ret #0
///     """);
/// </code>
/// </example>
public sealed class ClassicFilter
{
    /// <summary>How many instructions a filter may have (<c>BPF_MAXINSNS</c>).</summary>
    public const int MaximumLength = ClassicCode.MaximumLength;

    private readonly ClassicInstruction[] _instructions;

    /// <summary>Makes a filter of instructions, which are taken as they are: <see cref="Check"/> tells what is wrong with them.</summary>
    public ClassicFilter(params ReadOnlySpan<ClassicInstruction> instructions) => _instructions = instructions.ToArray();

    /// <summary>The instructions.</summary>
    public ReadOnlyMemory<ClassicInstruction> Instructions => _instructions;

    /// <summary>The number of instructions.</summary>
    public int Length => _instructions.Length;

    /// <summary>Reads a filter in any form of <see cref="ClassicForm"/>, which is found in the text.</summary>
    /// <exception cref="BpfFormatException">The text is malformed: the message names the line.</exception>
    public static ClassicFilter Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new ClassicFilter(ClassicNumbers.TryParse(text, out ClassicInstruction[]? numbers) ? numbers : new ClassicParser(text).Parse());
    }

    /// <summary>What the kernel would say of the filter when it is attached.</summary>
    /// <param name="use">What it is to decide about.</param>
    /// <returns>The first thing that is wrong; null when the kernel takes the filter.</returns>
    public ClassicRefusal? Check(ClassicFilterUse use = ClassicFilterUse.Socket) => ClassicChecker.Check(_instructions, use);

    /// <summary>Translates the filter to BPF, as the kernel does before it runs it.</summary>
    /// <param name="use">What it is to decide about.</param>
    /// <exception cref="ArgumentException">The kernel would not take the filter: see <see cref="Check"/>.</exception>
    public ClassicTranslation Translate(ClassicFilterUse use = ClassicFilterUse.Socket)
    {
        if (Check(use) is { } refusal) throw new ArgumentException($"The filter cannot be translated. {refusal}", nameof(use));
        return new ClassicTranslator(_instructions, use).Translate();
    }

    /// <summary>The filter as <c>tcpdump -d</c> lists it.</summary>
    public override string ToString() => ToString(ClassicForm.Listing);

    /// <summary>The filter in a form; each line ends with a line feed, but for <see cref="ClassicForm.Bytecode"/>, which is one line without.</summary>
    /// <exception cref="InvalidOperationException">An instruction has a code that is none of classic BPF, for which <see cref="ClassicForm.Assembly"/> has no word.</exception>
    public string ToString(ClassicForm form) => form switch
    {
        ClassicForm.Listing => string.Concat(Lines(ClassicPrinter.List)),
        ClassicForm.Assembly => ClassicPrinter.Assemble(_instructions),
        _ => ClassicNumbers.Format(_instructions, form),
    };

    /// <summary>An instruction as <c>tcpdump -d</c> lists it, without its index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such instruction.</exception>
    public string Disassemble(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Length, nameof(index));
        return ClassicPrinter.Format(_instructions[index], index);
    }

    private IEnumerable<string> Lines(Func<ClassicInstruction, int, string> print) => _instructions.Select((instruction, index) => print(instruction, index) + "\n");
}
