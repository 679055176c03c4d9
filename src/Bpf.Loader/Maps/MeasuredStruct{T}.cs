using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Maps;

/// <summary>
/// Where the fields of a C# structure lie, measured once for each type: the only reflection in this library.
/// </summary>
/// <remarks>
/// The names of fields are in metadata alone, and private ones, too, make a layout: nothing that is generated beside a structure could
/// measure those that somebody else declared. So this is the one exception to the rule that there is no reflection. It costs nothing per
/// operation, calls and makes nothing, and asks for nothing that must be kept: where a program was trimmed or compiled ahead of time, a
/// structure may have no names of fields left, and what is not there is not compared. Its size is compared there all the same, and the
/// structures of generated classes are the C types by construction.
/// </remarks>
/// <typeparam name="T">The structure.</typeparam>
internal static class MeasuredStruct<T>
    where T : unmanaged
{
    private const string PropertyMark = ">k__BackingField";

    /// <summary>The fields; none for numbers and enumerations.</summary>
    public static IReadOnlyList<BpfStructField> Fields { get; } = typeof(T).IsPrimitive || typeof(T).IsEnum ? [] : Measure();

    // A structure whose bytes are numbered is taken apart: the first byte of a field is the number of its place.
    [UnconditionalSuppressMessage("Trimming", "IL2090", Justification = "A field that was trimmed is not used, and thus not compared.")]
    private static BpfStructField[] Measure()
    {
        object low = Numbered(shift: 0), high = Numbered(shift: 8);
        var fields = new List<BpfStructField>();
        foreach (FieldInfo field in typeof(T).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            // The values of pointers do not come in a box of their own bytes.
            if (!field.FieldType.IsValueType) continue;
            int offset = FirstByte(field.GetValue(low)!) | (FirstByte(field.GetValue(high)!) << 8);
            fields.Add(new BpfStructField(NameOf(field), offset, RuntimeHelpers.SizeOf(field.FieldType.TypeHandle)));
        }

        return Unsafe.SizeOf<T>() > ushort.MaxValue ? [] : [.. fields];
    }

    private static object Numbered(int shift)
    {
        T value = default;
        Span<byte> bytes = MemoryMarshal.AsBytes(new Span<T>(ref value));
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)(i >> shift);
        return value;
    }

    private static byte FirstByte(object box) => Unsafe.As<Box>(box).First;

    // The field behind a property is named <Name>k__BackingField.
    private static string NameOf(FieldInfo field)
        => field.Name.EndsWith(PropertyMark, StringComparison.Ordinal) ? field.Name[1..^PropertyMark.Length] : field.Name;

    // What a box begins with, behind the reference to its type.
    private sealed class Box
    {
#pragma warning disable CS0649 // Nothing makes such an object: boxes are read by its field.
        public byte First;
#pragma warning restore CS0649
    }
}
