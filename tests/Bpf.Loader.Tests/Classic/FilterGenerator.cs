using System;
using System.Collections.Generic;
using Bpf.Loader.Classic;

namespace Bpf.Loader.Tests.Classic;

/// <summary>Filters of chance, by their seed.</summary>
internal static class FilterGenerator
{
    private static readonly ushort[] Arithmetic = [0x04, 0x14, 0x24, 0x34, 0x44, 0x54, 0x64, 0x74, 0x94, 0xa4];

    private static readonly ushort[] Codes =
    [
        0x20, 0x28, 0x30, 0x40, 0x48, 0x50, 0x00, 0x60, 0x80, 0x01, 0x61, 0x81, 0xb1, 0x02, 0x03, 0x05, 0x15, 0x1d, 0x25, 0x2d, 0x35, 0x3d, 0x45, 0x4d,
        0x04, 0x0c, 0x14, 0x1c, 0x24, 0x2c, 0x34, 0x3c, 0x44, 0x4c, 0x54, 0x5c, 0x64, 0x6c, 0x74, 0x7c, 0x84, 0x94, 0x9c, 0xa4, 0xac, 0x06, 0x16, 0x07, 0x87,
    ];

    /// <summary>A filter that the kernel takes, without its end: it leaves something in A.</summary>
    public static List<ClassicInstruction> MakeBody(int seed, int packetLength)
    {
        var random = new Random(seed);
        List<ClassicInstruction> code = [];
        for (uint word = 0; word < 4; word++)
        {
            code.Add(new ClassicInstruction(0x00, 0, 0, Number(random)));
            code.Add(new ClassicInstruction(0x02, 0, 0, word));
        }

        int length = code.Count + random.Next(5, 30);
        while (code.Count < length)
        {
            uint offset = (uint)random.Next(packetLength + (random.Next(20) == 0 ? 8 : -4));
            int left = length - code.Count - 1;
            byte jumpTrue = (byte)random.Next(Math.Min(left, 6) + 1), jumpFalse = (byte)random.Next(Math.Min(left, 6) + 1);
            code.Add(random.Next(12) switch
            {
                0 => new ClassicInstruction((ushort)(0x20 + (8 * random.Next(3))), 0, 0, offset),
                // X is a byte of the packet most of the time, so that loads behind it are often inside.
                1 => new ClassicInstruction((ushort)(0x40 + (8 * random.Next(3))), 0, 0, (uint)random.Next(packetLength / 2)),
                2 => new ClassicInstruction(0xb1, 0, 0, offset),
                3 => new ClassicInstruction((ushort)(random.Next(2) == 0 ? 0x60 : 0x61), 0, 0, (uint)random.Next(4)),
                4 => new ClassicInstruction((ushort)(random.Next(2) == 0 ? 0x02 : 0x03), 0, 0, (uint)random.Next(4)),
                5 => new ClassicInstruction((ushort)(random.Next(2) == 0 ? 0x00 : 0x01), 0, 0, Number(random)),
                6 => new ClassicInstruction((ushort)(random.Next(2) == 0 ? 0x07 : 0x87), 0, 0, 0),
                7 or 8 => new ClassicInstruction((ushort)(0x15 + (0x10 * random.Next(4)) + (8 * random.Next(2))), jumpTrue, jumpFalse, Number(random)),
                9 => new ClassicInstruction(0x80, 0, 0, 0),
                10 => new ClassicInstruction(0x84, 0, 0, 0),
                _ => MakeArithmetic(random),
            });
        }

        return code;
    }

    /// <summary>Any instructions, of which the kernel takes few.</summary>
    public static ClassicFilter MakeAny(int seed)
    {
        var random = new Random(seed);
        var code = new ClassicInstruction[random.Next(1, 7)];
        for (int i = 0; i < code.Length; i++)
        {
            uint constant = random.Next(6) switch
            {
                0 => 0xffff_f000 + (uint)random.Next(70),
                1 => Number(random),
                2 => (uint)random.Next(80) & ~3u,
                _ => (uint)random.Next(18),
            };
            ushort any = random.Next(40) == 0 ? (ushort)random.Next(300) : Codes[random.Next(Codes.Length)];
            code[i] = new ClassicInstruction(any, (byte)random.Next(4), (byte)random.Next(4), constant);
        }

        if (random.Next(8) != 0) code[^1] = new ClassicInstruction((ushort)(random.Next(2) == 0 ? 0x06 : 0x16), 0, 0, 1);
        return new ClassicFilter(code);
    }

    private static ClassicInstruction MakeArithmetic(Random random)
    {
        ushort code = Arithmetic[random.Next(Arithmetic.Length)];
        if (random.Next(2) == 0 && code is not (0x64 or 0x74)) return new ClassicInstruction((ushort)(code | 8), 0, 0, 0);
        uint constant = code is 0x64 or 0x74 ? (uint)random.Next(32) : Number(random);
        return new ClassicInstruction(code, 0, 0, code is 0x34 or 0x94 ? Math.Max(constant, 1) : constant);
    }

    private static uint Number(Random random) => random.Next(4) switch
    {
        0 => (uint)random.Next(64),
        1 => (uint)random.Next(65536),
        2 => unchecked((uint)-random.Next(1, 100)),
        _ => (uint)random.NextInt64(1L << 32),
    };
}
