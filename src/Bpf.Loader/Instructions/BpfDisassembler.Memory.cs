namespace Bpf.Loader.Instructions;

public static partial class BpfDisassembler
{
    // By size index: BPF_W, BPF_H, BPF_B, BPF_DW.
    private static readonly string[] Unsigned = ["u32", "u16", "u8", "u64"];
    private static readonly string[] SignExtended = ["s32", "s16", "s8", "s64"];

    private static string FormatLoad(BpfInstruction i, int? high, string? name)
    {
        string size = Unsigned[SizeIndex(i)];
        return (i.Code & BpfOpCode.ModeMask) switch
        {
            BpfOpCode.AbsoluteMode => Invariant($"r0 = *({size} *)skb[{i.Immediate}]"),
            BpfOpCode.IndirectMode => Invariant($"r0 = *({size} *)skb[r{i.Source} + {i.Immediate}]"),
            _ when i.IsLoadImmediate64 && high is int upper => Invariant($"r{i.Destination} = {name ?? Immediate(i, upper)}"),
            _ => Bug(i, "ld"),
        };
    }

    // The kernel prints addresses here; before the load they are descriptors, indices and distances, printed as bpftool does.
    private static string Immediate(BpfInstruction i, int high) => i.Source switch
    {
        BpfPseudo.MapDescriptor => Invariant($"map[fd:{i.Immediate}]"),
        BpfPseudo.MapValue => Invariant($"map[fd:{i.Immediate}][0]{Signed(high)}"),
        BpfPseudo.MapIndex => Invariant($"map[idx:{i.Immediate}]"),
        BpfPseudo.MapIndexValue => Invariant($"map[idx:{i.Immediate}][0]{Signed(high)}"),
        BpfPseudo.BtfId => high == 0 ? Invariant($"ksym[btf_id:{i.Immediate}]") : Invariant($"ksym[btf_fd:{high} btf_id:{i.Immediate}]"),
        BpfPseudo.Function => Invariant($"subprog[{Signed(i.Immediate)}]"),
        _ => Invariant($"0x{((ulong)(uint)high << 32) | (uint)i.Immediate:x}"),
    };

    private static string FormatLoadRegister(BpfInstruction i)
    {
        string[]? types = (i.Code & BpfOpCode.ModeMask) switch
        {
            BpfOpCode.MemoryMode => Unsigned,
            BpfOpCode.MemorySignExtendMode => SignExtended,
            _ => null,
        };
        return types is null
            ? Bug(i, "ldx")
            : Invariant($"r{i.Destination} = *({types[SizeIndex(i)]} *)(r{i.Source} {Signed(i.Offset)})");
    }

    private static string FormatStore(BpfInstruction i) => (i.Code & BpfOpCode.ModeMask) switch
    {
        BpfOpCode.MemoryMode => Invariant($"{Target(i)} = {i.Immediate}"),

        // Never in an object: the kernel inserts it against speculation, and shows it in the translated code.
        BpfOpCode.AtomicMode => "nospec",
        _ => Bug(i, "st"),
    };

    private static string FormatStoreRegister(BpfInstruction i) => (i.Code & BpfOpCode.ModeMask) switch
    {
        BpfOpCode.MemoryMode => Invariant($"{Target(i)} = r{i.Source}"),
        BpfOpCode.AtomicMode => FormatAtomic(i),
        _ => Bug(i, "stx"),
    };

    private static string FormatAtomic(BpfInstruction i)
    {
        string width = SizeIndex(i) == 3 ? "64" : "", place = Place(i, i.Destination);
        var operation = (BpfAtomicOperation)i.Immediate;
        return operation switch
        {
            BpfAtomicOperation.Add or BpfAtomicOperation.Or or BpfAtomicOperation.And or BpfAtomicOperation.Xor =>
                Invariant($"lock {Target(i)} {Assignment((BpfAluOperation)i.Immediate, signed: false)} r{i.Source}"),
            BpfAtomicOperation.FetchAdd => Fetch("fetch_add"),
            BpfAtomicOperation.FetchOr => Fetch("fetch_or"),
            BpfAtomicOperation.FetchAnd => Fetch("fetch_and"),
            BpfAtomicOperation.FetchXor => Fetch("fetch_xor"),
            BpfAtomicOperation.Exchange => Fetch("xchg"),
            BpfAtomicOperation.CompareExchange => Invariant($"r0 = atomic{width}_cmpxchg({place}, r0, r{i.Source})"),
            BpfAtomicOperation.LoadAcquire => Invariant($"r{i.Destination} = load_acquire({Place(i, i.Source)})"),
            BpfAtomicOperation.StoreRelease => Invariant($"store_release({place}, r{i.Source})"),
            _ => Bug(i, "stx"),
        };

        string Fetch(string function) => Invariant($"r{i.Source} = atomic{width}_{function}({place}, r{i.Source})");
    }

    private static string Target(BpfInstruction i) => "*" + Place(i, i.Destination);

    private static string Place(BpfInstruction i, int register) =>
        Invariant($"({Unsigned[SizeIndex(i)]} *)(r{register} {Signed(i.Offset)})");
}
