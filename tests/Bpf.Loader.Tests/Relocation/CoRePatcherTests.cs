using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>What becomes of the instruction.</summary>
public sealed class CoRePatcherTests
{
    private const byte MoveImmediate = BpfOpCode.Alu64 | 0xb0;

    private static readonly BpfInstruction Poison = new(BpfOpCode.Call, 0, 0, 0, CoRePatcher.PoisonedHelper);

    private readonly CoReTypes _types = new();

    [Theory]
    [InlineData(BpfOpCode.Alu64 | 0xb0)] // r = imm
    [InlineData(BpfOpCode.Alu32 | 0xb0)]
    [InlineData(BpfOpCode.Alu64 | 0x00)] // r += imm
    [InlineData(BpfOpCode.Alu64 | 0x60)] // r <<= imm
    public void Arithmetic_takes_the_immediate(int code)
    {
        BpfInstruction[] program = [new((byte)code, 3, 0, 0, 4)];
        Assert.Equal(CoReOutcome.Patched, CoRePatcher.Apply(program, 0, Offset()));
        Assert.Equal(new BpfInstruction((byte)code, 3, 0, 0, 24), program[0]);
    }

    [Theory]
    [InlineData(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode | BpfOpCode.Word)]
    [InlineData(BpfOpCode.LoadRegister | BpfOpCode.MemorySignExtendMode | BpfOpCode.Word)]
    [InlineData(BpfOpCode.Store | BpfOpCode.MemoryMode | BpfOpCode.Word)]
    [InlineData(BpfOpCode.StoreRegister | BpfOpCode.MemoryMode | BpfOpCode.Word)]
    [InlineData(BpfOpCode.StoreRegister | BpfOpCode.AtomicMode | BpfOpCode.Word)]
    public void Loads_and_stores_take_the_offset(int code)
    {
        BpfInstruction[] program = [new((byte)code, 3, 4, 4, 77)];
        Assert.Equal(CoReOutcome.Patched, CoRePatcher.Apply(program, 0, Offset()));
        Assert.Equal(new BpfInstruction((byte)code, 3, 4, 24, 77), program[0]);
    }

    [Theory]
    [InlineData(0u, 10)]
    [InlineData(3u, -1)]
    [InlineData(0x80000000u, 0)]
    public void A_64_bit_load_takes_both_halves(uint high, int low)
    {
        long value = ((long)high << 32) | (uint)low;
        BtfTypeId root = Enum64(1, value);
        BpfInstruction[] program = [new(BpfOpCode.LoadImmediate64, 2, 0, 0, 1), default];
        Assert.Equal(CoReOutcome.Patched, CoRePatcher.Apply(program, 0, _types.Ask(root, CoReKind.EnumValue)));
        Assert.Equal([new BpfInstruction(BpfOpCode.LoadImmediate64, 2, 0, 0, low), new BpfInstruction(0, 0, 0, 0, (int)high)], program);
    }

    [Theory]
    [InlineData(1u, BpfOpCode.Byte)]
    [InlineData(2u, BpfOpCode.HalfWord)]
    [InlineData(4u, BpfOpCode.Word)]
    [InlineData(8u, BpfOpCode.DoubleWord)]
    public void The_width_of_a_load_follows_an_unsigned_integer(uint size, int width)
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, "s", ("f", _types.LocalU32));
        CoReTypes.Struct(_types.Target, "s", ("f", _types.Target.AddInt("number", size)));
        BpfInstruction[] program = [new(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode | BpfOpCode.Word, 1, 2, 0, 0)];
        Assert.Equal(CoReOutcome.Patched, CoRePatcher.Apply(program, 0, _types.Ask(local, CoReKind.FieldByteOffset, "0:0")));
        Assert.Equal(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode | width, program[0].Code);
    }

    [Fact]
    public void The_width_of_a_load_follows_a_pointer_of_a_32_bit_kernel()
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, "s", ("a", _types.Local.AddPointer(BtfTypeId.Void)), ("p", _types.Local.AddPointer(BtfTypeId.Void)));
        _types.Target.SetSize(_types.TargetU64, 4); // unsigned long
        BtfTypeId pointer = _types.Target.AddPointer(BtfTypeId.Void);
        _types.Target.AddStruct("s", 8);
        _types.Target.AddMember("a", pointer, 0);
        _types.Target.AddMember("p", pointer, 32);
        BpfInstruction[] program = [new(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode | BpfOpCode.DoubleWord, 1, 2, 8, 0)];
        CoRePatcher.Apply(program, 0, _types.Ask(local, CoReKind.FieldByteOffset, "0:1"));
        Assert.Equal(new BpfInstruction(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode | BpfOpCode.Word, 1, 2, 4, 0), program[0]);
        Assert.Equal(4u, _types.Ask(local, CoReKind.FieldByteSize, "0:0").NewValue);
        Assert.Equal(8u, _types.Ask(local, CoReKind.FieldByteSize, "0:0").OriginalValue);
    }

    [Fact]
    public void A_signed_integer_of_another_width_is_poisoned_where_it_is_loaded()
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, "s", ("f", _types.LocalInt));
        CoReTypes.Struct(_types.Target, "s", ("x", _types.TargetInt), ("f", _types.TargetU64));
        CoReResult result = _types.Ask(local, CoReKind.FieldByteOffset, "0:0");
        BpfInstruction[] program = [new(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode | BpfOpCode.Word, 1, 2, 0, 0), new(MoveImmediate, 1, 0, 0, 0)];
        Assert.Equal(CoReOutcome.WidthUnsafe, CoRePatcher.Apply(program, 0, result));
        Assert.Equal(Poison, program[0]);
        Assert.Equal("f of struct s is 4 bytes here and 8 bytes on the target; only pointers and unsigned integers may differ.", result.Explain(CoReOutcome.WidthUnsafe));

        // Its offset alone is not wrong.
        Assert.Equal(CoReOutcome.Patched, CoRePatcher.Apply(program, 1, result));
        Assert.Equal(4, program[1].Immediate);
    }

    [Fact]
    public void An_array_is_as_wide_as_its_elements()
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, "s", ("f", _types.Local.AddArray(_types.LocalU32, _types.LocalInt, 4)));
        CoReTypes.Struct(_types.Target, "s", ("f", _types.Target.AddArray(_types.TargetU32, _types.TargetInt, 9)));
        BpfInstruction load = new(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode | BpfOpCode.Word, 1, 2, 0, 0);
        BpfInstruction[] program = [load];
        Assert.Equal(CoReOutcome.Patched, CoRePatcher.Apply(program, 0, _types.Ask(local, CoReKind.FieldByteOffset, "0:0")));
        Assert.Equal(load, program[0]);
    }

    [Fact]
    public void What_is_missing_is_poisoned()
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, "s", ("f", _types.LocalU32));
        CoReResult result = _types.Ask(local, CoReKind.FieldByteOffset, "0:0");
        BpfInstruction[] program =
        [
            new(MoveImmediate, 1, 0, 0, 9), // the value no longer matters
            new(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode, 1, 2, 3, 0),
            new(BpfOpCode.LoadImmediate64, 1, 0, 0, 0),
            default,
        ];
        for (int i = 0; i < 3; i++) Assert.Equal(CoReOutcome.Missing, CoRePatcher.Apply(program, i, result));
        Assert.Equal([Poison, Poison, Poison, Poison], program);
        Assert.Equal("The target has no struct s.", result.Explain(CoReOutcome.Missing));
    }

    [Fact]
    public void Ids_of_types_may_have_changed_since_they_were_compiled()
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, "s", ("f", _types.LocalU32));
        BpfInstruction[] program = [new(MoveImmediate, 1, 0, 0, 123)];
        CoRePatcher.Apply(program, 0, _types.Ask(local, CoReKind.TypeIdLocal));
        Assert.Equal(local.Value, program[0].Immediate);
        program[0].Immediate = 123;
        CoRePatcher.Apply(program, 0, _types.Ask(local, CoReKind.TypeIdTarget));
        Assert.Equal(0, program[0].Immediate);
    }

    [Theory]
    [InlineData(BpfOpCode.Alu64 | BpfOpCode.SourceRegister | 0xb0, 4, 4, 0, BpfDiagnosticId.BadCoReInstruction)]
    [InlineData(BpfOpCode.Jump | 0x10, 4, 4, 0, BpfDiagnosticId.BadCoReInstruction)]
    [InlineData(BpfOpCode.Jump32 | 0x10, 4, 4, 0, BpfDiagnosticId.BadCoReInstruction)]
    [InlineData(BpfOpCode.Load | BpfOpCode.AbsoluteMode, 0, 4, 0, BpfDiagnosticId.BadCoReInstruction)]
    [InlineData(BpfOpCode.LoadImmediate64, 1, 4, 0, BpfDiagnosticId.BadCoReInstruction)] // has an offset
    [InlineData(BpfOpCode.LoadImmediate64, 0, 4, 1, BpfDiagnosticId.BadCoReInstruction)] // is a map reference
    [InlineData(BpfOpCode.LoadImmediate64, 0, 5, 0, BpfDiagnosticId.CoReInstructionDiffers)]
    [InlineData(MoveImmediate, 0, 5, 0, BpfDiagnosticId.CoReInstructionDiffers)]
    [InlineData(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode, 5, 4, 0, BpfDiagnosticId.CoReInstructionDiffers)]
    public void An_instruction_that_is_not_the_one_meant_is_refused(int code, short offset, int immediate, int source, BpfDiagnosticId expected)
    {
        BpfInstruction instruction = new((byte)code, 1, source, offset, immediate);
        BpfInstruction[] program = [instruction, default];
        CoReException refusal = Assert.Throws<CoReException>(() => CoRePatcher.Apply(program, 0, Offset()));
        Assert.Equal(expected, refusal.Id);
        Assert.Equal("<byte_off> [4] struct s.f (0:1 @ offset 4)", refusal.Relocation);
        Assert.Equal([instruction, default], program);
    }

    [Fact]
    public void Half_a_64_bit_load_and_none_at_all_are_refused()
    {
        BpfInstruction[] program = [new(BpfOpCode.LoadImmediate64, 1, 0, 0, 4)];
        Assert.Equal(BpfDiagnosticId.BadCoReRecord, Assert.Throws<CoReException>(() => CoRePatcher.Apply(program, 0, Offset())).Id);
        Assert.Equal(BpfDiagnosticId.BadCoReRecord, Assert.Throws<CoReException>(() => CoRePatcher.Apply(program, 1, Offset())).Id);
        Assert.Equal(BpfDiagnosticId.BadCoReRecord, Assert.Throws<CoReException>(() => CoRePatcher.Apply(program, -1, Offset())).Id);
    }

    [Theory]
    [InlineData(32764u, null)]
    [InlineData(32768u, BpfDiagnosticId.CoReValueTooLarge)]
    public void An_offset_must_fit_into_15_bits(uint offset, BpfDiagnosticId? expected)
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, "s", ("f", _types.LocalU32));
        _types.Target.AddStruct("s", 40000);
        _types.Target.AddMember("f", _types.TargetU32, offset * 8);
        CoReResult result = _types.Ask(local, CoReKind.FieldByteOffset, "0:0");
        BpfInstruction[] program = [new(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode, 1, 2, 0, 0), new(MoveImmediate, 1, 0, 0, 0)];
        if (expected is null) CoRePatcher.Apply(program, 0, result);
        else Assert.Equal(expected, Assert.Throws<CoReException>(() => CoRePatcher.Apply(program, 0, result)).Id);

        // An immediate holds it.
        CoRePatcher.Apply(program, 1, result);
        Assert.Equal((int)offset, program[1].Immediate);
    }

    [Fact]
    public void A_load_must_be_as_wide_as_the_field_to_be_widened_and_no_load_has_16_bytes()
    {
        BtfTypeId local = CoReTypes.Struct(_types.Local, "s", ("f", _types.LocalU32), ("g", _types.LocalU32));
        CoReTypes.Struct(_types.Target, "s", ("f", _types.TargetU64), ("g", _types.Target.AddInt("unsigned __int128", 16)));
        BpfInstruction[] program = [new(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode | BpfOpCode.HalfWord, 1, 2, 0, 0)];
        Assert.Equal(BpfDiagnosticId.BadCoReWidth, Assert.Throws<CoReException>(() => CoRePatcher.Apply(program, 0, _types.Ask(local, CoReKind.FieldByteOffset, "0:0"))).Id);
        program[0] = new BpfInstruction(BpfOpCode.LoadRegister | BpfOpCode.MemoryMode | BpfOpCode.Word, 1, 2, 4, 0);
        Assert.Equal(BpfDiagnosticId.BadCoReWidth, Assert.Throws<CoReException>(() => CoRePatcher.Apply(program, 0, _types.Ask(local, CoReKind.FieldByteOffset, "0:1"))).Id);
    }

    // struct s { u32 x, f; } here, f at 24 on the target.
    private CoReResult Offset()
    {
        BtfTypeId local = new(4);
        if (_types.Local.TypeCount == 4)
        {
            CoReTypes.Struct(_types.Local, "s", ("x", _types.LocalU32), ("f", _types.LocalU32));
            CoReTypes.Struct(_types.Target, "s", ("a", _types.TargetU64), ("b", _types.TargetU64), ("c", _types.TargetU64), ("f", _types.TargetU32));
        }

        return _types.Ask(local, CoReKind.FieldByteOffset, "0:1");
    }

    private BtfTypeId Enum64(long ours, long theirs)
    {
        BtfTypeId local = _types.Local.AddEnum64("e");
        _types.Local.AddEnumerator("A", ours);
        _types.Target.AddEnum64("e");
        _types.Target.AddEnumerator("A", theirs);
        return local;
    }
}
