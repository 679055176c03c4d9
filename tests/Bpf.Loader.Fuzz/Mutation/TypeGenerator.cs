using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Text;

namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>
/// Writes BTF whose references all lead somewhere and that is nonsense otherwise: types that hold themselves, members beyond the
/// end, names that are no names, arrays of billions.
/// </summary>
internal sealed class TypeGenerator
{
    private static readonly string[] Names =
    [
        "", "int", "char", "a", "b", "task_struct", "task_struct___old", "pid", "flags", "__u32", "size_t", "bool", ".maps", ".data", ".rodata", ".bss",
        ".ksyms", ".kconfig", "license", "type", "key", "value", "max_entries", "values", "Option<u8>x", "struct", "for", "class", "void", "x.y", "0x", "\u001b[31mred",
        "line\nend", "quo\"te", "back\\slash", "\u009b2J", "\U0001d4d0", "名", "very" + "_very_very_very_very_very_very_very_very_very_very_very_long", "*", "/*", "*/", "//",
        "execsnoop", "event", "events", "LINUX_KERNEL_VERSION", "CONFIG_HZ", "unsigned long", "long long unsigned int", "___x", "x___", "bpf_map", "struct_ops", "T", "t", "enum",
    ];

    private readonly FuzzRandom _random;
    private readonly List<byte> _types = [];
    private readonly List<byte> _strings = [];
    private readonly List<uint> _names = [];
    private readonly int _count;
    private readonly bool _isPlausible;

    private TypeGenerator(FuzzRandom random)
    {
        _random = random;
        _count = 1 + random.Next(random.Once(10) ? 400 : 40);
        _isPlausible = !random.Once(4);
        foreach (string name in Names)
        {
            _names.Add((uint)_strings.Count);
            _strings.AddRange(Encoding.UTF8.GetBytes(name));
            _strings.Add(0);
        }
    }

    /// <summary>Generates types.</summary>
    public static byte[] Generate(FuzzRandom random) => new TypeGenerator(random).Write();

    private byte[] Write()
    {
        for (int id = 1; id <= _count; id++) AddType(id);
        byte[] header = new byte[24];
        BinaryPrimitives.WriteUInt16LittleEndian(header, 0xeb9f);
        header[2] = 1;
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 24);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(12), _types.Count);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), _types.Count);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(20), _strings.Count);
        return [.. header, .. _types, .. _strings];
    }

    private void AddType(int id)
    {
        // Functions refer to prototypes, which stand where the number is a multiple of seven.
        int kind = id % 7 == 0 ? 13 : _random.Pick([1, 1, 2, 2, 3, 4, 4, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15, 16, 17, 18, 19]);
        if (kind == 12 && _count < 7) kind = 1;
        int count = kind switch
        {
            4 or 5 or 6 or 13 or 15 or 19 => _random.Next(_random.Once(10) ? 40 : 5),
            12 => _random.Next(3),
            _ => 0,
        };
        UInt32(_random.Pick(_names));
        UInt32(((uint)kind << 24) | (uint)count | (_random.Once(6) ? 1u << 31 : 0));
        switch (kind)
        {
            case 1:
                UInt32(_random.Pick<uint>([1, 2, 4, 8, 16]));
                UInt32(((uint)_random.Next(5) << 24) | (uint)_random.Pick([8, 16, 32, 64, 128, 1, 7]));
                break;
            case 3:
                UInt32(0);
                UInt32(Reference(id));
                UInt32(Reference(id));
                UInt32(_random.Once(3) ? _random.NextSkewed() : (uint)_random.Next(8));
                break;
            case 4 or 5:
                UInt32(Size());
                for (int i = 0; i < count; i++)
                {
                    UInt32(_random.Pick(_names));
                    UInt32(Reference(id));
                    UInt32(_isPlausible ? (uint)(i * 32) : _random.NextSkewed());
                }

                break;
            case 6:
                UInt32(_random.Pick<uint>([1, 2, 4, 8]));
                for (int i = 0; i < count; i++)
                {
                    UInt32(_random.Pick(_names));
                    UInt32(_random.NextSkewed());
                }

                break;
            case 12:
                UInt32((uint)(7 * (1 + _random.Next(_count / 7))));
                break;
            case 13:
                UInt32(Reference(id));
                for (int i = 0; i < count; i++)
                {
                    UInt32(_random.Pick(_names));
                    UInt32(Reference(id));
                }

                break;
            case 14:
                UInt32(Reference(id));
                UInt32((uint)_random.Next(3));
                break;
            case 15:
                UInt32(Size());
                for (int i = 0; i < count; i++)
                {
                    UInt32(Reference(id));
                    UInt32((uint)(i * 4));
                    UInt32(_random.Once(8) ? _random.NextSkewed() : 4);
                }

                break;
            case 7:
                UInt32(0);
                break;
            case 16:
                UInt32(_random.Pick<uint>([4, 8, 16, 12, 2]));
                break;
            case 17:
                UInt32(Reference(id));
                UInt32((uint)(_random.Next(4) - 1));
                break;
            case 19:
                UInt32(8);
                for (int i = 0; i < count; i++)
                {
                    UInt32(_random.Pick(_names));
                    UInt32(_random.NextSkewed());
                    UInt32(_random.NextSkewed());
                }

                break;
            default:
                UInt32(Reference(id));
                break;
        }
    }

    // Most often to a type before it, as compilers write most of them, so that not every walk runs in a circle.
    private uint Reference(int id) => (uint)_random.Next(_random.Once(_isPlausible ? 12 : 3) ? _count + 1 : id);

    private uint Size() => _random.Once(6) ? _random.NextSkewed() : (uint)(4 * _random.Next(16));

    private void UInt32(uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _types.AddRange(bytes);
    }
}
