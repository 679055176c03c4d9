namespace Bpf.Loader.Relocation;

/// <summary>Where a kernel symbol is.</summary>
/// <param name="Address">The address.</param>
/// <param name="IsAmbiguous">True when several symbols of that name have different addresses.</param>
internal readonly record struct KernelSymbolAddress(ulong Address, bool IsAmbiguous);
