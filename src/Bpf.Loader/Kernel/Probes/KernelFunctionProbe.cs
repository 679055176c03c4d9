using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>Calls a kernel function without arguments: what the verifier says against it tells whether it may be called.</summary>
[SupportedOSPlatform("linux")]
internal static class KernelFunctionProbe
{
    private const int LogSize = 8192;

    /// <summary>Whether programs of a type may be asked: to replace a function, or a callback, they need one of a certain prototype.</summary>
    public static bool CanAsk(BpfProgramType type) => type is not (BpfProgramType.Ext or BpfProgramType.StructOps);

    public static FeatureSupport Ask(BpfProgramType type, string function)
    {
        try
        {
            if (!KernelBtf.TryGetVmlinux(out BtfReader? types)) return FeatureSupport.Missing;
            if (types.TryFind(function, BtfKind.Function, out BtfTypeId id)) return Ask(type, id, 0, []);
            foreach (KernelModuleBtf module in KernelBtf.Modules)
            {
                if (!module.Types.TryFindOwn(System.Text.Encoding.UTF8.GetBytes(function), BtfKind.Function, out id)) continue;
                if (module.Handle is null) return FeatureSupport.Denied;
                using HandleUse use = module.Handle.Use();
                return Ask(type, id, 1, [0, use.Descriptor]);
            }

            return FeatureSupport.Missing;
        }
        catch (BpfException failure)
        {
            return ProbeAnswer.Of(failure);
        }
    }

    private static FeatureSupport Ask(BpfProgramType type, BtfTypeId function, short index, ReadOnlySpan<int> descriptors)
    {
        ReadOnlySpan<BpfInstruction> code =
        [
            new(BpfOpCode.Call, 0, BpfPseudo.KernelFunctionCall, index, function.Value),
            ProbeCode.MoveImmediate(0, 0),
            ProbeCode.Exit(),
        ];
        byte[] log = new byte[LogSize];
        var request = new ProgramLoadRequest
        {
            Type = type,
            Instructions = MemoryMarshal.AsBytes(code),
            License = "GPL\0"u8,
            KernelVersion = KernelVersion.Current.Code,
            FdArray = descriptors,
            LogLevel = 1,
            Log = log,
        };
        ProgramTypeProbe.Describe(ref request);
        if (!TryAim(ref request)) return FeatureSupport.Missing;
        using FileDescriptorHandle? program = BpfSyscall.ProgramLoad(request, out Errno errno);
        if (program is not null) return FeatureSupport.Supported;
        if (ProbeAnswer.IsShortage(errno)) return FeatureSupport.Unanswered;
        if (ProbeRights.IsDenied(errno) && !ProbeLog.Speaks(log)) return FeatureSupport.Denied;
        // A refusal without a log came before the verifier: the kernel does not know the type, or no calls of its functions (5.13).
        return ProbeRights.Doubt(!ProbeLog.Speaks(log) || IsRefused(log) ? FeatureSupport.Missing : FeatureSupport.Supported, NeededCapabilities.Of(type));
    }

    // The verifier only comes as far as the call when there is a target: one that every kernel has.
    private static bool TryAim(ref ProgramLoadRequest request)
    {
        (string name, BtfKind kind) = request.Type switch
        {
            BpfProgramType.Tracing => ("btf_trace_sched_switch", BtfKind.Typedef),
            BpfProgramType.Lsm => ("bpf_lsm_file_open", BtfKind.Function),
            _ => ("", default),
        };
        if (name.Length == 0) return true;
        if (!KernelBtf.Vmlinux.TryFind(name, kind, out BtfTypeId target)) return false;
        if (request.Type == BpfProgramType.Tracing) request.ExpectedAttachType = BpfAttachType.TraceRawTp;
        request.AttachBtfId = (uint)target.Value;
        return true;
    }

    private static bool IsRefused(ReadOnlySpan<byte> log)
        => log.IndexOf("is not allowed"u8) >= 0
            || log.IndexOf("is not a kernel func"u8) >= 0
            || log.IndexOf("cannot be called from"u8) >= 0
            || log.IndexOf("unknown opcode"u8) >= 0
            || log.IndexOf("reserved fields"u8) >= 0
            || log.IndexOf("calling kernel function is not"u8) >= 0;
}
