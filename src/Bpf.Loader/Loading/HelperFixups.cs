using System;
using System.Runtime.Versioning;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Loading;

/// <summary>
/// Replaces helpers that kernels before 5.5 lack: reading kernel or user memory was one helper then, which did both.
/// </summary>
internal static class HelperFixups
{
    private const int ProbeRead = 4;
    private const int ProbeReadString = 45;
    private const int ProbeReadUser = 112;
    private const int ProbeReadKernel = 113;
    private const int ProbeReadKernelString = 115;

    /// <summary>Replaces the helpers when the kernel lacks them.</summary>
    [SupportedOSPlatform("linux")]
    public static void Fix(Span<BpfInstruction> code, KernelFeatures features)
    {
        foreach (BpfInstruction instruction in code)
        {
            if (!IsNew(instruction)) continue;
            if (!features.Expects(KernelFeature.ProbeReadKernel)) Replace(code);
            return;
        }
    }

    /// <summary>Replaces the helpers.</summary>
    public static void Replace(Span<BpfInstruction> code)
    {
        foreach (ref BpfInstruction instruction in code)
        {
            if (IsNew(instruction)) instruction.Immediate = instruction.Immediate is ProbeReadUser or ProbeReadKernel ? ProbeRead : ProbeReadString;
        }
    }

    private static bool IsNew(BpfInstruction instruction) =>
        instruction.IsHelperCall && instruction.Immediate is >= ProbeReadUser and <= ProbeReadKernelString;
}
