using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>Rings with records in them: three positions, and the data. The numbers are in the byte order of most machines.</summary>
internal static class RingSeeds
{
    /// <summary>The bytes before the data.</summary>
    public const int HeaderSize = 24;

    /// <summary>The bytes of data.</summary>
    public const int Size = 256;

    private const uint Busy = 1u << 31, Discarded = 1u << 30;
    private const int Sample = 9, Lost = 2, Throttle = 5;

    /// <summary>Of BPF: the consumer's position, the producers', and the one before which records were overwritten.</summary>
    public static IReadOnlyList<Layout> Rings { get; } =
    [
        Ring(0, 5, 0, 16, 40 | Discarded, 8, 3), Ring(0, 8, 8 | Busy, 8), Ring(200, 60, 1, 90 | Discarded, 20), Ring(ulong.MaxValue - 63, 30, 30, 30, 7 | Busy), Ring(0, 248), Ring(4096),
    ];

    /// <summary>Of perf events, written forwards: the head, the tail, and nothing.</summary>
    public static IReadOnlyList<Layout> Perf { get; } =
    [
        Events(0, (Sample, 4), (Lost, 16), (Sample, 28), (Throttle, 24), (Sample, 12)), Events(208, (Sample, 44), (Sample, 4), (Sample, 20)), Events(ulong.MaxValue - 31, (Sample, 60), (Lost, 16)), Events(0),
    ];

    /// <summary>Of perf events, written backwards: the head, nothing, and the head of the last time.</summary>
    public static IReadOnlyList<Layout> PerfBackward { get; } = [Backward((Sample, 4), (Sample, 28), (Throttle, 24), (Sample, 60)), Backward((Sample, 100), (Sample, 100), (Sample, 12))];

    private static Layout Ring(ulong start, params uint[] headers)
    {
        Layout layout = Begin();
        ulong position = start;
        foreach (uint header in headers)
        {
            int at = HeaderSize + (int)(position % Size), stride = (int)(((header & ~(Busy | Discarded)) + 8 + 7) & ~7u);
            BinaryPrimitives.WriteUInt32LittleEndian(layout.Image.AsSpan(at), header);
            layout.BeginGroup();
            layout.Add(at, 4, FieldKind.Length);
            layout.AddPart(at, stride);
            position += (ulong)stride;
        }

        return End(layout, start, position, start);
    }

    private static Layout Events(ulong start, params (int Type, int Length)[] records)
    {
        Layout layout = Begin();
        ulong position = start;
        foreach ((int type, int length) in records) position += WriteEvent(layout, position, type, length);
        return End(layout, position, start, 0);
    }

    private static Layout Backward(params (int Type, int Length)[] records)
    {
        Layout layout = Begin();
        ulong head = 0;
        foreach ((int type, int length) in records)
        {
            head -= (ulong)EventSize(type, length);
            WriteEvent(layout, head, type, length);
        }

        return End(layout, head, 0, 0);
    }

    private static int EventSize(int type, int length) => (8 + (type == Sample ? 4 : 0) + length + 7) & ~7;

    // struct perf_event_header: type, flags, size; of a sample, the size of its bytes behind it.
    private static ulong WriteEvent(Layout layout, ulong position, int type, int length)
    {
        int size = EventSize(type, length), at = HeaderSize + (int)(position % Size);
        layout.BeginGroup();
        BinaryPrimitives.WriteInt32LittleEndian(layout.Image.AsSpan(at), type);
        BinaryPrimitives.WriteInt16LittleEndian(layout.Image.AsSpan(at + 6), (short)size);
        layout.Add(at, 4, FieldKind.Kind);
        layout.Add(at + 6, 2, FieldKind.Length);
        layout.AddPart(at, size);
        int behind = HeaderSize + (int)((position + 8) % Size);
        if (type == Sample) BinaryPrimitives.WriteInt32LittleEndian(layout.Image.AsSpan(behind), length);
        layout.Add(behind, 4, FieldKind.Length);
        return (ulong)size;
    }

    private static Layout Begin()
    {
        byte[] image = new byte[HeaderSize + Size];
        for (int i = HeaderSize; i < image.Length; i++) image[i] = (byte)i;
        return new Layout(image, isBigEndian: false);
    }

    private static Layout End(Layout layout, params ReadOnlySpan<ulong> positions)
    {
        layout.BeginGroup();
        for (int i = 0; i < positions.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(layout.Image.AsSpan(8 * i), positions[i]);
            layout.Add(8 * i, 8, FieldKind.Offset);
        }

        layout.AddPart(0, HeaderSize);
        layout.AddPart(HeaderSize, Size);
        return layout;
    }
}
