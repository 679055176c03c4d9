using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>
/// What the six answers about a bit-field are for: a load of the storage, shifted left and right, must give the bits of the field,
/// in either byte order.
/// </summary>
public sealed class CoReBitFieldTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Loading_and_shifting_gives_the_field(bool isBigEndian)
    {
        var random = new Random(12);
        int loaded = 0, refused = 0;
        for (int round = 0; round < 400; round++)
        {
            uint size = 1u << random.Next(4);
            bool isSigned = random.Next(2) == 1;
            uint bits = (uint)random.Next(1, (int)(size * 8) + 1);
            uint offset = (uint)random.Next(0, 100);
            byte[] memory = new byte[24];
            random.NextBytes(memory);

            Func<CoReKind, CoReResult> ask = Questions(size, isSigned, offset, (int)bits);
            if (!FitsALoad(size, offset, bits))
            {
                Assert.Equal(BpfDiagnosticId.NoCoReValue, Assert.Throws<CoReException>(() => ask(CoReKind.FieldByteOffset)).Id);
                refused++;
                continue;
            }

            ulong Value(CoReKind kind)
            {
                Assert.Null(CoReFieldValue.Compute(ask(kind).Target!, 8, isBigEndian, out CoReValue value));
                return value.Number;
            }

            ulong storage = Load(memory.AsSpan((int)Value(CoReKind.FieldByteOffset), (int)Value(CoReKind.FieldByteSize)), isBigEndian);
            ulong top = storage << (int)Value(CoReKind.FieldLeftShift64);
            int right = (int)Value(CoReKind.FieldRightShift64);
            Assert.Equal(isSigned ? 1u : 0, Value(CoReKind.FieldSigned));
            ulong read = isSigned ? (ulong)((long)top >> right) : top >> right;
            Assert.Equal(Field(memory, offset, bits, isSigned, isBigEndian), read);
            loaded++;
        }

        Assert.True(loaded > 200 && refused > 20, $"{loaded} loaded, {refused} refused");
    }

    [Fact]
    public void An_ordinary_member_can_be_shifted_too()
    {
        var types = new CoReTypes();
        BtfTypeId local = CoReTypes.Struct(types.Local, "s", ("f", types.LocalU64));
        CoReTypes.Struct(types.Target, "s", ("a", types.TargetU32), ("f", types.TargetInt));
        Assert.Equal(4u, types.Ask(local, CoReKind.FieldByteOffset, "0:0").NewValue);
        Assert.Equal(4u, types.Ask(local, CoReKind.FieldByteSize, "0:0").NewValue);
        Assert.Equal(32u, types.Ask(local, CoReKind.FieldLeftShift64, "0:0").NewValue);
        Assert.Equal(32u, types.Ask(local, CoReKind.FieldRightShift64, "0:0").NewValue);
        Assert.Equal(1u, types.Ask(local, CoReKind.FieldSigned, "0:0").NewValue);
    }

    [Fact]
    public void The_compiler_may_have_chosen_other_storage_for_a_bit_field()
    {
        var types = new CoReTypes();
        BtfTypeId local = types.Local.AddStruct("s", 4);
        types.Local.AddMember("f", types.LocalU32, 3, 5);
        CoReTypes.Struct(types.Target, "s", ("f", types.TargetU32));
        var certain = new HashSet<CoReKind> { CoReKind.FieldExists, CoReKind.FieldSigned, CoReKind.FieldRightShift64 };
        for (CoReKind kind = CoReKind.FieldByteOffset; kind <= CoReKind.FieldRightShift64; kind++)
            Assert.Equal(certain.Contains(kind), types.Ask(local, kind, "0:0").IsCertain);
    }

    [Theory]
    [InlineData(false, 0u)]
    [InlineData(true, 1u)]
    public void The_sign_of_an_enum_is_its_flag(bool isSigned, uint expected)
    {
        var types = new CoReTypes();
        BtfTypeId local = types.Local.AddEnum("e");
        types.Local.AddEnumerator("A", 1);
        local = CoReTypes.Struct(types.Local, "s", ("f", local));
        BtfTypeId target = types.Target.AddEnum64("e", 8, isSigned);
        types.Target.AddEnumerator("A", 1);
        CoReTypes.Struct(types.Target, "s", ("f", target));
        Assert.Equal(expected, types.Ask(local, CoReKind.FieldSigned, "0:0").NewValue);
    }

    private static Func<CoReKind, CoReResult> Questions(uint size, bool isSigned, uint offset, int bits)
    {
        var types = new CoReTypes();
        BtfTypeId local = types.Local.AddStruct("s", 8);
        types.Local.AddMember("f", types.LocalU64, 0, 1);
        BtfTypeId type = types.Target.AddInt("storage", size, isSigned ? BtfIntEncoding.Signed : BtfIntEncoding.None);
        types.Target.AddStruct("s", 24);
        types.Target.AddMember("f", type, offset, bits);
        return kind => types.Ask(local, kind, "0:0");
    }

    // The storage begins as wide as the type, aligned, and is doubled up to eight bytes.
    private static bool FitsALoad(uint size, uint offset, uint bits)
    {
        for (; size <= 8; size *= 2)
        {
            uint start = offset / (size * 8) * (size * 8);
            if (offset + bits <= start + (size * 8)) return true;
        }

        return false;
    }

    private static ulong Load(ReadOnlySpan<byte> bytes, bool isBigEndian)
    {
        ulong value = 0;
        for (int i = 0; i < bytes.Length; i++) value = (value << 8) | bytes[isBigEndian ? i : bytes.Length - 1 - i];
        return value;
    }

    // Bits are counted from the lowest of the first byte on a little-endian machine, from the highest on a big-endian one.
    private static ulong Field(byte[] memory, uint offset, uint bits, bool isSigned, bool isBigEndian)
    {
        ulong value = 0;
        for (uint i = 0; i < bits; i++)
        {
            uint at = isBigEndian ? offset + i : offset + bits - 1 - i;
            int bit = isBigEndian ? 7 - (int)(at % 8) : (int)(at % 8);
            value = (value << 1) | (uint)((memory[at / 8] >> bit) & 1);
        }

        int unused = 64 - (int)bits;
        return isSigned ? (ulong)((long)(value << unused) >> unused) : value;
    }
}
