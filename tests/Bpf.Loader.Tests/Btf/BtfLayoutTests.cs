using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Xunit;

namespace Bpf.Loader.Tests.Btf;

/// <summary>BTF with a layout section, which describes kinds for readers that do not know them.</summary>
public class BtfLayoutTests
{
    private const int Kinds = 26;
    private const byte NewKind = 25;

    /// <summary>The same BTF with a header of 32 bytes and a layout of all kinds up to one that does not exist yet.</summary>
    internal static byte[] WithLayout(ReadOnlySpan<byte> raw, byte newKind, byte once = 8, byte each = 4, params byte[] extraTypes)
    {
        int typesLength = BitConverter.ToInt32(raw[12..]);
        byte[] layout = new byte[(newKind + 1) * 4];
        byte[] known = [0, 4, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 4, 0, 0];
        byte[] entries = [0, 0, 0, 0, 12, 12, 8, 0, 0, 0, 0, 0, 0, 8, 0, 12, 0, 0, 0, 12];
        for (int i = 0; i < known.Length; i++) (layout[i * 4], layout[(i * 4) + 1]) = (known[i], entries[i]);
        (layout[newKind * 4], layout[(newKind * 4) + 1]) = (once, each);

        var result = new List<byte>();
        result.AddRange(raw[..24]);
        result.AddRange(new byte[8]);
        result.AddRange(raw.Slice(24, typesLength));
        result.AddRange(extraTypes);
        result.AddRange(layout);
        result.AddRange(raw[(24 + typesLength)..]);
        byte[] array = [.. result];
        int types = typesLength + extraTypes.Length;
        foreach ((int at, int value) in new[] { (4, 32), (12, types), (16, types + layout.Length), (24, types), (28, layout.Length) })
            BitConverter.TryWriteBytes(array.AsSpan(at), value);
        return array;
    }

    // What they refer to cannot be told.
    [Fact]
    public void Kinds_of_the_future_are_not_put_into_another_order()
    {
        byte[] future = [0, 0, 0, 0, 0, 0, 0, NewKind, 1, 0, 0, 0, .. new byte[8]];
        var builder = new BtfBuilder(BtfReader.Read(WithLayout(BtfSamples.EveryKind().ToReader().Raw.Span, NewKind, 8, 0, future)));
        byte[] before = builder.ToArray();
        BtfTypeId[] ids = [.. System.Linq.Enumerable.Range(1, builder.TypeCount - 1).Reverse().Select(static id => new BtfTypeId(id))];
        Assert.Contains("unknown kind", Assert.Throws<BpfFormatException>(() => builder.Permute(ids)).Message, StringComparison.Ordinal);
        Assert.Equal(before, builder.ToArray());
    }

    [Fact]
    public void Kinds_of_the_future_are_skipped()
    {
        BtfReader sample = BtfSamples.EveryKind().ToReader();
        uint info = ((uint)NewKind << 24) | 3;
        byte[] future = [0, 0, 0, 0, .. BitConverter.GetBytes(info), 1, 0, 0, 0, .. new byte[8 + (3 * 4)]];
        byte[] pointer = [0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0];
        BtfReader btf = BtfReader.Read(WithLayout(sample.Raw.Span, NewKind, 8, 4, [.. future, .. pointer]));
        Assert.Equal(sample.TypeCount + 2, btf.TypeCount);
        Assert.Equal(BtfSamples.Describe(sample), BtfSamples.Describe(btf).Take(sample.TypeCount - 1));
        BtfType unknown = btf[new BtfTypeId(sample.TypeCount)];
        Assert.Equal((NewKind, 3, 32), ((byte)unknown.Kind, unknown.VariableLength, unknown.RecordSize));
        Assert.Equal(BtfKind.Pointer, btf[new BtfTypeId(sample.TypeCount + 1)].Kind);
        Assert.False(btf.TryGetSize(unknown.Id, out _));

        // And all of it is written again as it was.
        Assert.Equal(btf.Raw.ToArray(), new BtfBuilder(btf).ToArray());
    }

    [Fact]
    public void Split_btf_uses_the_layout_of_its_base()
    {
        BtfReader sample = BtfSamples.EveryKind().ToReader();
        BtfReader first = BtfReader.Read(WithLayout(sample.Raw.Span, NewKind));
        byte[] raw = BtfBuilder.SplitOn(first).ToArray();
        byte[] future = [0, 0, 0, 0, 0, 0, 0, NewKind, 0, 0, 0, 0, .. new byte[8]];
        byte[] split = [.. raw.AsSpan(0, 24), .. future];
        BitConverter.TryWriteBytes(split.AsSpan(12), future.Length);
        BitConverter.TryWriteBytes(split.AsSpan(16), future.Length);
        Assert.Equal(first.TypeCount + 1, BtfReader.Read(split, first).TypeCount);
        Assert.Throws<BpfFormatException>(() => BtfReader.Read(split, sample));
    }

    [Theory]
    [InlineData(24, 2)] // not aligned
    [InlineData(28, 6)]
    [InlineData(24, 0)] // over the types
    [InlineData(28, 0x7ffffffc)]
    [InlineData(24, 0x7ffffffc)]
    public void A_layout_section_elsewhere_is_refused(int at, int value)
    {
        byte[] raw = WithLayout(BtfSamples.EveryKind().ToArray(), Kinds);
        BitConverter.TryWriteBytes(raw.AsSpan(at), value);
        Assert.Equal(BpfDiagnosticId.BadBtfHeader, Assert.Throws<BpfFormatException>(() => BtfReader.Read(raw)).Id);
    }
}
