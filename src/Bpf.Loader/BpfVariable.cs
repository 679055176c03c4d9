using System;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

/// <summary>A global variable of a loaded object, in place: programs see every write at once, and no access is a system call.</summary>
/// <remarks>Linux 5.5, which maps arrays into memory. Variables that are all <c>static</c> in their section are not mapped.</remarks>
[SupportedOSPlatform("linux")]
public sealed class BpfVariable
{
    private readonly BpfGlobal _definition;
    private readonly Lazy<MappedGlobals> _section;

    internal BpfVariable(BpfGlobal definition, Lazy<MappedGlobals> section)
    {
        _definition = definition;
        _section = section;
    }

    /// <summary>The name.</summary>
    public string Name => _definition.Name;

    /// <summary>The size in bytes.</summary>
    public int Size => (int)_definition.Size;

    /// <summary>The type in the object's BTF; void when unknown.</summary>
    public BtfTypeId TypeId => _definition.TypeId;

    /// <summary>True for a variable that is <c>static</c> in its file of C: those of other files may have the same name.</summary>
    public bool IsStatic => _definition.IsStatic;

    /// <summary>True for a constant, which was frozen at the load.</summary>
    public bool IsReadOnly => _definition.IsReadOnly;

    /// <summary>The bytes of the variable, to read.</summary>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    /// <exception cref="InvalidOperationException">The section cannot be mapped.</exception>
    public ReadOnlySpan<byte> Bytes => _section.Value.ReadOnlySpan.Slice((int)_definition.Offset, Size);

    /// <summary>Reads the variable.</summary>
    /// <typeparam name="T">Its C type, in C#.</typeparam>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> has another size.</exception>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    /// <exception cref="InvalidOperationException">The section cannot be mapped.</exception>
    public T Get<T>()
        where T : unmanaged => _section.Value.Get<T>(OffsetOf<T>());

    /// <summary>Writes the variable.</summary>
    /// <typeparam name="T">Its C type, in C#.</typeparam>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> has another size.</exception>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    /// <exception cref="InvalidOperationException">The variable is a constant, or the section cannot be mapped.</exception>
    public void Set<T>(T value)
        where T : unmanaged => _section.Value.Set(OffsetOf<T>(), value);

    /// <summary>
    /// The variable itself, for <see cref="System.Threading.Volatile"/> and <see cref="System.Threading.Interlocked"/>. It stays safe
    /// to use after the object is disposed, but reaches nothing then.
    /// </summary>
    /// <typeparam name="T">Its C type, in C#.</typeparam>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> has another size.</exception>
    /// <exception cref="ObjectDisposedException">The object is disposed.</exception>
    /// <exception cref="InvalidOperationException">The variable is a constant, or the section cannot be mapped.</exception>
    public ref T Ref<T>()
        where T : unmanaged => ref _section.Value.Ref<T>(OffsetOf<T>());

    /// <summary>Section and name.</summary>
    public override string ToString() => _definition.ToString();

    private int OffsetOf<T>()
        where T : unmanaged => Unsafe.SizeOf<T>() == Size
            ? (int)_definition.Offset
            : throw new ArgumentException($"The variable {Name} has {Size} bytes, and {typeof(T)} has {Unsafe.SizeOf<T>()}.");
}
