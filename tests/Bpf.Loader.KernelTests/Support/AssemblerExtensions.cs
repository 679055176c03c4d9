using Bpf.Loader.Instructions;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>Programs that refer to maps which the test holds open.</summary>
internal static class AssemblerExtensions
{
    /// <summary>The address of a map.</summary>
    public static BpfAssembler LoadMap(this BpfAssembler code, BpfRegister register, BpfMap map) =>
        code.LoadMap(register, (int)map.Handle.DangerousGetHandle());

    /// <summary>The address of a byte in the only value of an array.</summary>
    public static BpfAssembler LoadMapValue(this BpfAssembler code, BpfRegister register, BpfMap map, int offset) =>
        code.LoadMapValue(register, (int)map.Handle.DangerousGetHandle(), offset);

    /// <summary>Ends the program with a number.</summary>
    public static BpfAssembler Return(this BpfAssembler code, int value) => code.Move(BpfRegister.R0, value).Exit();
}
