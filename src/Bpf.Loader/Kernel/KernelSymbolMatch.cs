namespace Bpf.Loader.Kernel;

/// <summary>What a name of the kernel stands for.</summary>
/// <param name="Address">The first address.</param>
/// <param name="OtherAddress">Another address of the same name, which makes it ambiguous; or the same.</param>
internal readonly record struct KernelSymbolMatch(ulong Address, ulong OtherAddress)
{
    /// <summary>Whether the name has several addresses, of which none is the right one.</summary>
    public bool IsAmbiguous => Address != OtherAddress;
}
