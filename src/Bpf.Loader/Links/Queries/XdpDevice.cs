namespace Bpf.Loader.Links.Queries;

/// <summary>The XDP programs of a network device; 0 for none.</summary>
/// <param name="InterfaceIndex">The device's number.</param>
/// <param name="InterfaceName">The device's name.</param>
/// <param name="NativeProgramId">The program in the driver.</param>
/// <param name="GenericProgramId">The program behind the driver.</param>
/// <param name="OffloadedProgramId">The program in the device.</param>
public sealed record XdpDevice(
    int InterfaceIndex, string InterfaceName, uint NativeProgramId, uint GenericProgramId, uint OffloadedProgramId)
{
    /// <summary>True when the device has a program, in any mode.</summary>
    public bool HasProgram => (NativeProgramId | GenericProgramId | OffloadedProgramId) != 0;
}
