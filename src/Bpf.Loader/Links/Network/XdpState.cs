namespace Bpf.Loader.Links.Network;

/// <summary>Which XDP programs a device has; 0 for none.</summary>
/// <param name="AttachedMode">The kernel's word for it: 0 none, 1 native, 2 generic, 3 offloaded, 4 several.</param>
/// <param name="ProgramId">The program when there is one only.</param>
/// <param name="NativeProgramId">The program in the driver.</param>
/// <param name="GenericProgramId">The program behind the driver.</param>
/// <param name="OffloadedProgramId">The program in the device.</param>
internal readonly record struct XdpState(
    byte AttachedMode, uint ProgramId, uint NativeProgramId, uint GenericProgramId, uint OffloadedProgramId)
{
    /// <summary>Whether a program is there, in any mode.</summary>
    public bool Has(uint id) => id != 0 && (id == ProgramId || id == NativeProgramId || id == GenericProgramId || id == OffloadedProgramId);
}
