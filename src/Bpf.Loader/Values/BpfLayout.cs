using System;
using System.Runtime.CompilerServices;

namespace Bpf.Loader;

/// <summary>Holds structs of C# against the layout that C gave them. Generated code calls it; no reflection is needed for it.</summary>
public static class BpfLayout
{
    /// <summary>Checks the size of a struct.</summary>
    /// <typeparam name="T">The struct.</typeparam>
    /// <param name="size">Its size in C, in bytes.</param>
    /// <exception cref="InvalidOperationException">It has another size.</exception>
    public static void CheckSize<T>(int size)
        where T : unmanaged
    {
        if (Unsafe.SizeOf<T>() != size)
            throw new InvalidOperationException($"{typeof(T)} has {Unsafe.SizeOf<T>()} bytes, and {size} in C.");
    }

    /// <summary>Checks where a field is in its struct.</summary>
    /// <typeparam name="T">The struct.</typeparam>
    /// <typeparam name="TField">The type of the field.</typeparam>
    /// <param name="value">A struct.</param>
    /// <param name="field">The field of that same struct.</param>
    /// <param name="offset">Where it is in C, in bytes.</param>
    /// <param name="size">Its size in C, in bytes.</param>
    /// <param name="name">Its name, for the message.</param>
    /// <exception cref="InvalidOperationException">It is somewhere else, or has another size.</exception>
    public static void CheckField<T, TField>(ref readonly T value, ref readonly TField field, int offset, int size, string name)
        where T : unmanaged
        where TField : unmanaged
    {
        nint found = Unsafe.ByteOffset(ref Unsafe.As<T, byte>(ref Unsafe.AsRef(in value)), ref Unsafe.As<TField, byte>(ref Unsafe.AsRef(in field)));
        if (found != offset || Unsafe.SizeOf<TField>() != size)
            throw new InvalidOperationException($"{typeof(T)}.{name} is {Unsafe.SizeOf<TField>()} bytes at {found}, and {size} at {offset} in C.");
    }
}
