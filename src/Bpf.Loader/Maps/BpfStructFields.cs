using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;

namespace Bpf.Loader.Maps;

/// <summary>Takes down the fields of a C# structure; see <see cref="BpfStructLayout.Of{T}"/>.</summary>
/// <typeparam name="T">The structure.</typeparam>
public readonly ref struct BpfStructFields<T>
    where T : unmanaged
{
    private readonly List<BpfStructField> _fields;
    private readonly ref T _value;

    internal BpfStructFields(List<BpfStructField> fields, ref T value)
    {
        _fields = fields;
        _value = ref value;
    }

    /// <summary>A structure whose fields are to be shown to <see cref="Add{TField}"/>.</summary>
    public ref T Value => ref _value;

    /// <summary>Takes down a field.</summary>
    /// <typeparam name="TField">Its type.</typeparam>
    /// <param name="field">The field of <see cref="Value"/>.</param>
    /// <param name="name">Its name; the last part of the expression by default.</param>
    /// <returns>This object, for the next field.</returns>
    /// <exception cref="ArgumentException">It is no field of the value.</exception>
    public BpfStructFields<T> Add<TField>(ref TField field, [CallerArgumentExpression(nameof(field))] string name = "")
        where TField : unmanaged
    {
        long offset = Unsafe.ByteOffset(ref Unsafe.As<T, byte>(ref _value), ref Unsafe.As<TField, byte>(ref field));
        int size = Unsafe.SizeOf<TField>();
        if (offset < 0 || offset + size > Unsafe.SizeOf<T>())
            throw new ArgumentException($"'{name}' is no field of {typeof(T).Name}.", nameof(field));
        _fields.Add(new BpfStructField(name[(name.LastIndexOf('.') + 1)..].Trim(), (int)offset, size));
        return this;
    }
}
