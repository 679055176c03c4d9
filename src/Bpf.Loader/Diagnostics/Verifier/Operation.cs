using System;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier;

/// <summary>
/// An instruction as the verifier prints it (<c>kernel/bpf/disasm.c</c>), which says the same on all kernels, so that a log is understood
/// without the object that it is about.
/// </summary>
internal readonly partial record struct Operation()
{
    /// <summary>What it does.</summary>
    public OperationKind Kind { get; private init; }

    /// <summary>The register that it writes; -1 for none.</summary>
    public int Destination { get; private init; } = -1;

    /// <summary>The register whose value it takes; -1 for none.</summary>
    public int Source { get; private init; } = -1;

    /// <summary>The number that it takes instead of a register.</summary>
    public long? Immediate { get; private init; }

    /// <summary>The register with the address of the memory; -1 for none.</summary>
    public int Base { get; private init; } = -1;

    /// <summary>What is added to that address.</summary>
    public int Offset { get; private init; }

    /// <summary>How many bytes of memory; 0 for none.</summary>
    public int Size { get; private init; }

    /// <summary>The operator of arithmetic or of a comparison, such as <c>+=</c> or <c>s&gt;</c>.</summary>
    public string Operator { get; private init; } = "";

    /// <summary>Whether it works on the lower halves of registers.</summary>
    public bool Is32 { get; private init; }

    /// <summary>The helper or kernel function that is called.</summary>
    public string Callee { get; private init; } = "";

    /// <summary>The number of the helper, or the BTF id of the kernel function.</summary>
    public int CalleeNumber { get; private init; }

    /// <summary>How far the jump or call goes, counted from the next instruction.</summary>
    public int Jump { get; private init; }

    /// <summary>Whether it reads or writes memory.</summary>
    public bool TouchesMemory => Base >= 0;

    /// <summary>Understands an instruction as it stands behind its opcode in a log.</summary>
    public static Operation Parse(string text)
    {
        if (LoadForm().Match(text) is { Success: true } load)
            return new() { Kind = OperationKind.Load, Destination = Number(load, 1), Size = SizeOf(load.Groups[2].Value), Base = Number(load, 3), Offset = Number(load, 4) };
        if (StoreForm().Match(text) is { Success: true } store)
            return new() { Kind = OperationKind.Store, Size = SizeOf(store.Groups[1].Value), Base = Number(store, 2), Offset = Number(store, 3), Source = store.Groups[4].Success ? Number(store, 4) : -1, Immediate = ImmediateOf(store.Groups[5]) };
        if (FetchForm().Match(text) is { Success: true } fetch)
            return new() { Kind = OperationKind.Atomic, Destination = Number(fetch, 1), Size = SizeOf(fetch.Groups[2].Value), Base = Number(fetch, 3), Offset = Number(fetch, 4) };
        if (AtomicForm().Match(text) is { Success: true } atomic)
            return new() { Kind = OperationKind.Atomic, Size = SizeOf(atomic.Groups[1].Value), Base = Number(atomic, 2), Offset = Number(atomic, 3), Source = Number(atomic, 4) };
        if (CallForm().Match(text) is { Success: true } call)
        {
            return call.Groups[1].Success
                ? new() { Kind = OperationKind.CallFunction, Destination = 0, Jump = Number(call, 1) }
                : new() { Kind = OperationKind.CallKernel, Destination = 0, Callee = call.Groups[2].Value, CalleeNumber = Number(call, 3) };
        }

        if (BranchForm().Match(text) is { Success: true } branch)
        {
            return new()
            {
                Kind = OperationKind.Branch,
                Is32 = branch.Groups[1].ValueSpan is "w",
                Source = Number(branch, 2),
                Operator = branch.Groups[3].Value,
                Base = -1,
                Destination = -1,
                Other = branch.Groups[4].Success ? Number(branch, 4) : -1,
                Immediate = ImmediateOf(branch.Groups[5]),
                Jump = Number(branch, 6),
            };
        }

        if (JumpForm().Match(text) is { Success: true } jump) return new() { Kind = OperationKind.Jump, Jump = Number(jump, 1) };
        if (text.StartsWith("exit", StringComparison.Ordinal)) return new() { Kind = OperationKind.Exit };
        return ArithmeticForm().Match(text) is { Success: true } arithmetic ? OfArithmetic(arithmetic) : new();
    }

    /// <summary>The second register of a comparison; -1 when it compares with a number.</summary>
    public int Other { get; private init; } = -1;

    /// <summary>Whether the value of a register is another one afterwards.</summary>
    public bool Writes(int register) => Destination == register || (Kind is OperationKind.CallKernel or OperationKind.CallFunction && register <= 5);

    private static Operation OfArithmetic(Match match)
    {
        string op = match.Groups[3].Value;
        int source = match.Groups[4].Success ? Number(match, 4) : -1;
        return new()
        {
            Kind = op != "=" ? OperationKind.Arithmetic : source >= 0 ? OperationKind.Copy : OperationKind.Constant,
            Is32 = match.Groups[1].ValueSpan is "w",
            Destination = Number(match, 2),
            Operator = op,
            Source = source,
            Immediate = ImmediateOf(match.Groups[5]),
        };
    }

    private static int Number(Match match, int group) => int.TryParse(match.Groups[group].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : 0;

    private static long? ImmediateOf(Group group)
    {
        if (!group.Success) return null;
        ReadOnlySpan<char> text = group.ValueSpan;
        bool isNegative = text[0] == '-';
        if (isNegative) text = text[1..];
        ulong value;
        bool isNumber = text.StartsWith("0x") ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        return !isNumber ? null : isNegative ? -(long)value : (long)value;
    }

    private static int SizeOf(string type) => type switch { "u8" or "s8" => 1, "u16" or "s16" => 2, "u32" or "s32" => 4, _ => 8 };

    [GeneratedRegex(@"^[rw](\d+) = \*\(([us]\d+) \*\)\(r(\d+) ([+-]\d+)\)")]
    private static partial Regex LoadForm();

    [GeneratedRegex(@"^\*\(([us]\d+) \*\)\(r(\d+) ([+-]\d+)\) = (?:[rw](\d+)|(-?(?:0x)?[0-9a-f]+))")]
    private static partial Regex StoreForm();

    [GeneratedRegex(@"^[rw](\d+) = (?:atomic\w*|load_acquire)\(\(([us]\d+) \*\)\(r(\d+) ([+-]\d+)\)")]
    private static partial Regex FetchForm();

    [GeneratedRegex(@"^(?:lock |store_release\()\*?\(?\(?([us]\d+) \*\)\(r(\d+) ([+-]\d+)\)[^rw]*[rw](\d+)")]
    private static partial Regex AtomicForm();

    [GeneratedRegex(@"^call (?:pc([+-]\d+)|([^#\s]+)#(-?\d+))")]
    private static partial Regex CallForm();

    [GeneratedRegex(@"^if ([rw])(\d+) (\S+) (?:[rw](\d+)|(-?(?:0x)?[0-9a-f]+)) goto pc([+-]\d+)")]
    private static partial Regex BranchForm();

    [GeneratedRegex(@"^(?:may_)?goto(?:l)? pc([+-]\d+)")]
    private static partial Regex JumpForm();

    [GeneratedRegex(@"^([rw])(\d+) (=|[^\s=]+=) (?:\(s\d+\))?(?:[rw](\d+)|(-?(?:0x)?[0-9a-f]+))")]
    private static partial Regex ArithmeticForm();
}
