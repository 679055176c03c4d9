using System;
using System.Collections.Generic;

namespace Bpf.Loader.Fuzz.Mutation;

/// <summary>Makes damaged copies of a file whose layout is known.</summary>
internal static class Mutator
{
    private static readonly FieldKind[] Kinds = Enum.GetValues<FieldKind>();

    /// <summary>A copy with one to four changes.</summary>
    /// <param name="layout">The sound file.</param>
    /// <param name="random">What is changed.</param>
    /// <param name="other">Another file, of which stretches may be put in.</param>
    public static byte[] Mutate(Layout layout, FuzzRandom random, byte[]? other = null)
    {
        byte[] copy = (byte[])layout.Image.Clone();
        if (copy.Length == 0) return random.Bytes(random.Next(32));
        for (int changes = 1 + random.Next(4) * random.Next(2); changes > 0; changes--)
        {
            switch (random.Next(10))
            {
                case < 6 when layout.Fields.Count > 0: ChangeField(layout, copy, random); break;
                case < 8 when layout.Parts.Count > 1: ChangePart(layout, copy, random); break;
                default: ChangeBytes(copy, random, other ?? copy); break;
            }
        }

        return random.Once(20) ? Cut(layout, copy, random) : copy;
    }

    private static void ChangeField(Layout layout, byte[] copy, FuzzRandom random)
    {
        // A kind or a table first: there are a thousand values for each count, and a hundred types for each symbol.
        IReadOnlyList<Field> fields = random.Once(2) ? layout.OfKind(random.Pick(Kinds)) : random.Pick(layout.Groups);
        if (fields.Count == 0) fields = layout.Fields;
        Field field = random.Pick(fields);
        IReadOnlyList<Field> likes = layout.OfKind(field.Kind);
        Field other = random.Pick(likes);
        ulong value = layout.Read(copy, field);
        switch (random.Next(8))
        {
            case 0:
                layout.Write(copy, field, random.NextExtreme(copy.Length));
                break;
            case 1:
                layout.Write(copy, field, value + (ulong)random.Pick<long>([1, -1, 2, 4, -4, 8, -8, 16]));
                break;
            case 2:
                layout.Write(copy, field, layout.Read(copy, other));
                layout.Write(copy, other, value);
                break;
            case 3:
                layout.Write(copy, field, layout.Read(copy, other));
                break;
            case 4 when field.Kind == FieldKind.Type:
                // A loop, at once or round another.
                layout.Write(copy, field, (ulong)other.Owner);
                layout.Write(copy, other, (ulong)field.Owner);
                break;
            case 5 when field.Kind != FieldKind.Kind:
                layout.Write(copy, field, value ^ (1ul << random.Next(field.Size * 8)));
                break;
            case 5 or 6 or 7 when field.Kind == FieldKind.Kind:
                // What there is: kinds of types, symbols, sections and relocations are small numbers.
                layout.Write(copy, field, (value & 0xe0) | (uint)random.Next(20));
                break;
            case 6:
                layout.Write(copy, field, random.NextSkewed());
                break;
            default:
                layout.Write(copy, field, (ulong)random.Next(likes.Count + 2));
                break;
        }
    }

    private static void ChangePart(Layout layout, byte[] copy, FuzzRandom random)
    {
        Part part = random.Pick(layout.Parts), other = random.Pick(layout.Parts);
        int length = Math.Min(part.Length, other.Length);
        Span<byte> to = copy.AsSpan(part.Offset, part.Length);
        switch (random.Next(5))
        {
            case 0:
                to.Clear();
                break;
            case 1:
                to.Fill(0xff);
                break;
            case 2:
                copy.AsSpan(other.Offset, length).CopyTo(to);
                break;
            case 3:
                byte[] saved = to[..length].ToArray();
                copy.AsSpan(other.Offset, length).CopyTo(to);
                saved.CopyTo(copy.AsSpan(other.Offset));
                break;
            default:
                // Leaves the part out: what follows moves up, and the rest of the file is repeated behind it.
                int end = part.Offset + part.Length;
                copy.AsSpan(end).CopyTo(copy.AsSpan(part.Offset));
                break;
        }
    }

    private static void ChangeBytes(byte[] copy, FuzzRandom random, byte[] other)
    {
        int at = random.Next(copy.Length);
        switch (random.Next(4))
        {
            case 0:
                copy[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                copy[at] = (byte)random.Next(256);
                break;
            case 2:
                ulong value = random.NextExtreme(copy.Length);
                for (int i = 0; i < 4 && at + i < copy.Length; i++) copy[at + i] = (byte)(value >> (8 * i));
                break;
            default:
                int from = random.Next(other.Length), length = Math.Min(random.Next(64), Math.Min(copy.Length - at, other.Length - from));
                other.AsSpan(from, length).CopyTo(copy.AsSpan(at));
                break;
        }
    }

    // At the border of a part, where a check of its end is easily off by one, or anywhere.
    private static byte[] Cut(Layout layout, byte[] copy, FuzzRandom random)
    {
        int length = random.Next(copy.Length);
        if (layout.Parts.Count > 0 && random.Once(2))
        {
            Part part = random.Pick(layout.Parts);
            length = part.Offset + random.Pick([0, part.Length, part.Length / 2, part.Length - 1, 1]);
        }

        return copy[..Math.Clamp(length, 0, copy.Length)];
    }
}
