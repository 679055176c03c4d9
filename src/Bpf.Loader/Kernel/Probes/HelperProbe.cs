using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>Calls a helper without arguments: what the verifier says against it tells whether it knows the helper.</summary>
[SupportedOSPlatform("linux")]
internal static class HelperProbe
{
    private const int LogSize = 4096;

    /// <summary>Whether programs of a type may be asked: those with a target never come as far as the call.</summary>
    public static bool CanAsk(BpfProgramType type)
        => type is not (BpfProgramType.Tracing or BpfProgramType.Ext or BpfProgramType.Lsm or BpfProgramType.StructOps);

    /// <summary>Whether a helper may be called by programs of a type; denied when the process may not ask.</summary>
    public static FeatureSupport Ask(BpfProgramType type, int helper, out Errno errno)
    {
        byte[] log = new byte[LogSize];
        using FileDescriptorHandle? program = ProgramTypeProbe.Load(
            type, [ProbeCode.CallHelper(helper), ProbeCode.Exit()], log, out errno);
        if (program is not null)
            return FeatureSupport.Supported;
        if (ProbeAnswer.IsShortage(errno))
            return FeatureSupport.Unanswered;
        if (ProbeRights.IsDenied(errno) && !ProbeLog.Speaks(log))
            return FeatureSupport.Denied;

        // A refusal without a log came before the verifier: the kernel does not know the type.
        return ProbeRights.Doubt(!ProbeLog.Speaks(log) || IsUnknown(log) ? FeatureSupport.Missing : FeatureSupport.Supported, NeededCapabilities.Of(type));
    }

    private static bool IsUnknown(ReadOnlySpan<byte> log)
        => log.IndexOf("invalid func "u8) >= 0
            || log.IndexOf("unknown func "u8) >= 0
            || log.IndexOf("program of this type cannot use helper "u8) >= 0;
}
