namespace Bpf.Loader.Testing.Contexts;

/// <summary>A member of a context, as user space's header has it.</summary>
/// <param name="Name">The name in C.</param>
/// <param name="Offset">The offset in bytes.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="IsWritable">True when programs may write it.</param>
/// <param name="IsPointer">True when a load of all of it gives a pointer of 64 bits.</param>
/// <param name="IsPadded">True when a load from its first byte may take as many zeros behind it.</param>
internal sealed record ContextField(string Name, int Offset, int Size, bool IsWritable, bool IsPointer, bool IsPadded);
