namespace Bpf.Loader.Maps;

/// <summary>Where a field of a C# structure lies.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Its offset, in bytes.</param>
/// <param name="Size">Its bytes.</param>
public readonly record struct BpfStructField(string Name, int Offset, int Size);
