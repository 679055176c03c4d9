using System;
using System.Runtime.Versioning;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Loading;

/// <summary>
/// Replaces helpers that kernels before 5.5 lack: reading kernel or user memory was one helper then, which did both.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class HelperFixups
{
    private const int ProbeRead = 4;
    private const int ProbeReadString = 45;
    private const int ProbeReadUser = 112;
    private const int ProbeReadKernel = 113;
    private const int ProbeReadKernelString = 115;

    public static void Fix(Span<BpfInstruction> code, KernelFeatures features)
    {
        bool? isSupported = null;
        foreach (ref BpfInstruction instruction in code)
        {
            if (!instruction.IsHelperCall || instruction.Immediate is < ProbeReadUser or > ProbeReadKernelString) continue;
            isSupported ??= features.Supports(KernelFeature.ProbeReadKernel);
            if (isSupported.Value) return;
            instruction.Immediate = instruction.Immediate is ProbeReadUser or ProbeReadKernel ? ProbeRead : ProbeReadString;
        }
    }
}
