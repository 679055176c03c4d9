using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel.Probes;

namespace Bpf.Loader.Kernel.Abilities;

/// <summary>
/// Finds what the kernel lacks for a program that it refuses without a word. It is asked step by step, by programs that do nothing: for the type, then
/// with the type of attachment, then with each flag. The first step that is refused is what is lacking.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ProgramAbilities
{
    private const int LogSize = 4096;
    private const int MostInstructions = 1_000_000; // BPF_COMPLEXITY_LIMIT_INSNS since 5.2

    private static readonly BpfInstruction[] ReturnOne = [ProbeCode.MoveImmediate(0, 1), ProbeCode.Exit()];

    /// <summary>What is lacking; null when all that can be asked for is there, or the process may not ask.</summary>
    /// <param name="asked">What was refused.</param>
    /// <param name="errno">The kernel's answer.</param>
    public static KernelLack? FindLack(in ProgramQuestion asked, Errno errno)
    {
        if (errno is not (Errno.EINVAL or Errno.E2BIG or Errno.EOPNOTSUPP or Errno.ENOTSUPP)) return null;
        if (ProgramTypeProbe.Ask(asked.Type, out _) == FeatureSupport.Missing) return OfType(asked.Type);
        if (KernelEnum.Has(KernelEnum.AttachTypes, (long)asked.AttachType) is false) return OfAttachType(asked.AttachType);
        if (asked.CallsKernelFunctions && KernelEnum.HasStruct("bpf_kfunc_desc") is false) return new KernelLack("calls of kernel functions", "5.13");
        if (asked.HasModules && !KernelFeatures.Current.Expects(KernelFeature.ModuleBtf)) return new KernelLack("types of modules", "5.11");
        if (!IsTaken(asked, BpfProgramFlags.None)) return FirstKernels.OfSleep(asked.Type, asked.AttachType) is string late && Sleeps(asked) && !IsTaken(asked, BpfProgramFlags.Sleepable) ? OfSleep(asked, late) : null;
        foreach (BpfProgramFlags flag in Flags(asked.Flags))
        {
            if (!IsTaken(asked, flag)) return flag == BpfProgramFlags.Sleepable ? OfSleep(asked, FirstKernels.OfSleep(asked.Type, asked.AttachType)) : OfFlag(flag);
        }

        return null;
    }

    /// <summary>What was found when nothing is lacking: what was asked, and what the kernel said to it.</summary>
    public static string Describe(in ProgramQuestion asked, Errno errno)
    {
        if (asked.Instructions > MostInstructions) return $"The program has {asked.Instructions} instructions; the kernel takes {MostInstructions}.";
        if (errno == Errno.E2BIG) return $"The program has {asked.Instructions} instructions, of which a process without CAP_BPF may load 4,096; or it asks for something that is newer than this kernel ({KernelVersion.Release}).";
        if (errno is Errno.ENOTSUPP or Errno.EOPNOTSUPP)
        {
            return IsCompilerOff() ? "Programs of this kind must be compiled to machine code, and the kernel's compiler is off: set net.core.bpf_jit_enable to 1."
                : "The kernel's compiler for this machine does not take something of the program: kernel functions, calls of sub-programs together with tail calls, or the like.";
        }

        string kind = $"programs of type {asked.Type}{(asked.AttachType == 0 ? "" : $" for {asked.AttachType}")}{(asked.Flags == 0 ? "" : $" with {asked.Flags}")}";
        return IsTaken(asked, asked.Flags)
            ? $"The kernel gives no reason. It takes {kind} that do nothing: so it is the code, the license, the line or function info, or a map of this one."
            : $"The kernel gives no reason. It knows all of this, and refuses {kind} that do nothing as well: the type, the hook and the flags do not go together here, or the program needs a target or a device that was not given.";
    }

    /// <summary>A type of programs that this kernel lacks.</summary>
    public static KernelLack OfType(BpfProgramType type) => new($"the program type {type}", FirstKernels.Of(type))
    {
        Option = KernelOptions.Of(type),
        Known = KernelEnum.DescribeLast(KernelEnum.ProgramTypes) is string last ? $"This kernel's program types end with {last}." : null,
        Instead = OlderWays.Of(type),
    };

    /// <summary>A type of attachment that this kernel lacks.</summary>
    public static KernelLack OfAttachType(BpfAttachType type) => new($"the attach type {type}", FirstKernels.Of(type))
    {
        Option = KernelOptions.Of(type),
        Known = KernelEnum.DescribeLast(KernelEnum.AttachTypes) is string last ? $"This kernel's attach types end with {last}." : null,
        Instead = OlderWays.Of(type),
    };

    private static KernelLack OfFlag(BpfProgramFlags flag) => new($"the program flag {flag}", FirstKernels.Of(flag)) { Instead = OlderWays.Of(flag) };

    private static KernelLack OfSleep(in ProgramQuestion asked, string? since)
        => new($"programs of type {asked.Type}{(asked.AttachType == 0 ? "" : $" for {asked.AttachType}")} that may sleep", since) { Instead = OlderWays.Of(BpfProgramFlags.Sleepable) };

    private static bool Sleeps(in ProgramQuestion asked) => (asked.Flags & BpfProgramFlags.Sleepable) != 0;

    private static IEnumerable<BpfProgramFlags> Flags(BpfProgramFlags flags) => Enumerable.Range(0, 32).Select(static bit => (BpfProgramFlags)(1u << bit)).Where(flag => (flags & flag) != 0);

    // Taken is also what the verifier says something about: it looks at a program only when all else is well.
    private static bool IsTaken(in ProgramQuestion asked, BpfProgramFlags flags)
    {
        byte[] log = new byte[LogSize];
        var request = new ProgramLoadRequest
        {
            Type = asked.Type,
            ExpectedAttachType = asked.AttachType,
            Flags = flags,
            AttachBtfId = asked.TargetType,
            AttachTarget = asked.Target,
            Instructions = MemoryMarshal.AsBytes(ReturnOne.AsSpan()),
            License = "GPL\0"u8,
            KernelVersion = KernelVersion.Current.Code,
            LogLevel = 1,
            Log = log,
        };
        using FileDescriptorHandle? program = BpfSyscall.ProgramLoad(request, out Errno errno);
        if (program is not null) return true;
        int end = log.AsSpan().IndexOf((byte)0);
        string said = System.Text.Encoding.UTF8.GetString(log, 0, Math.Max(end, 0));
        if (flags == BpfProgramFlags.Sleepable && said.Contains("can be sleepable", StringComparison.Ordinal)) return false;
        return VerifierLog.Reason(said) is not null || errno is not (Errno.EINVAL or Errno.E2BIG);
    }

    private static bool IsCompilerOff() => SystemFile.TryReadText("/proc/sys/net/core/bpf_jit_enable", out _) == "0";
}
