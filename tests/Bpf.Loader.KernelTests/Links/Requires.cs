using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links.Rules;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>
/// Skips a test where the kernel is built without what it needs, or forbids it to everybody. What the kernel has is told by its symbols,
/// and what it forbids by a trial (<see cref="KernelPolicy"/>), not by the library that is tested: where the code is there and
/// permitted, the test must pass.
/// </summary>
internal static class Requires
{
    private const string RunOfSyscall = "bpf_prog_test_run_syscall", SyscallType = "programs of type syscall (Linux 5.14)";

    private const string LengthOfFragments = "bpf_xdp_get_buff_len", XdpFragments = "XDP for packets in pieces (Linux 5.18)";

    private static readonly HashSet<string> Functions = new(StringComparer.Ordinal);

    private static DateTime _read;

    public static void Function(string function, string what) =>
        Assert.SkipUnless(Has(function), $"this kernel is built without {what}");

    /// <summary>Whether the kernel, or a module that is loaded, has a function. The symbols are read once, and again for what is not there.</summary>
    public static bool Has(string function) => Functions.Contains(function) || Read().Contains(function);

    /// <summary>Probes of kernel functions.</summary>
    public static void Kprobes()
    {
        Function("perf_kprobe_init", "kprobes");
        KernelPolicy.PermitsProbes("kprobe");
    }

    /// <summary>Many probes of kernel functions by one link.</summary>
    public static void Fprobe()
    {
        Function("register_fprobe_ips", "fprobe");
        KernelPolicy.Permits(BpfProgramType.Kprobe, BpfAttachType.TraceKprobeMulti);
    }

    /// <summary>Programs at kernel functions.</summary>
    public static void Trampolines()
    {
        Function("register_ftrace_direct", "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS");
        foreach (BpfAttachType type in (BpfAttachType[])[BpfAttachType.TraceFEntry, BpfAttachType.TraceFExit, BpfAttachType.ModifyReturn])
            KernelPolicy.Permits(BpfProgramType.Tracing, type);
    }

    /// <summary>That a program at a kernel function is attached once more when it was detached.</summary>
    public static void Reattaching() => Assert.SkipWhen(KernelVersion.Current.CompareTo(new KernelVersion(5, 13, 0)) < 0, "kernels before 5.13 attach such a program once");

    /// <summary>Programs at security hooks.</summary>
    public static void SecurityHooks()
    {
        Function("bpf_lsm_file_open", "BPF LSM");
        KernelPolicy.Permits(BpfProgramType.Lsm, BpfAttachType.LsmMac);
    }

    /// <summary>
    /// Bloom filters that programs ask about four bytes. The verifier of Linux 7.3-rc7 takes such a value for one that the helper writes,
    /// throws its initialisation away, and refuses that it is read; of eight bytes it does not.
    /// </summary>
    public static void BloomFilters()
    {
        const int MapPeek = 89;
        Function("bloom_map_alloc", "Bloom filters (Linux 5.16)");
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.BloomFilter, Name = "asked", ValueSize = 4, MaxEntries = 8 });
        try
        {
            TestProgram.Load(new BpfAssembler()
                .Store(BpfAccessSize.Word, BpfRegister.R10, -4, 1)
                .LoadMap(BpfRegister.R1, map).Move(BpfRegister.R2, BpfRegister.R10).Alu(BpfAluOperation.Add, BpfRegister.R2, -4).CallHelper(MapPeek).Return(0)).Dispose();
        }
        catch (InvalidOperationException refusal) when (refusal.Message.Contains("slot poisoned by dead code elimination", StringComparison.Ordinal))
        {
            Assert.Skip("this kernel's verifier throws away what a program asks a Bloom filter about");
        }
    }

    /// <summary>Types of a module, which the kernel has since 5.11.</summary>
    public static void ModuleTypes(string module) =>
        Assert.SkipUnless(File.Exists($"/sys/kernel/btf/{module}"), $"this kernel has no types of the module {module} (Linux 5.11)");

    /// <summary>Programs in place of functions of other programs.</summary>
    public static void Replacement() => KernelPolicy.Permits(BpfProgramType.Ext);

    /// <summary>Programs that the kernel calls back.</summary>
    /// <summary>That the kernel tells of processes (<c>linux/cn_proc.h</c>).</summary>
    public static void ProcessEvents()
    {
        Function("cn_proc_mcast_ctl", "events of processes (CONFIG_PROC_EVENTS)");
        using TargetWatch<ProcessTarget> watch = TargetRules.Processes("none-such").Watch(static () => { });
        Assert.Null(watch.Silence);
    }

    public static void StructOps() => KernelPolicy.Permits(BpfProgramType.StructOps);

    /// <summary>Probes of user programs.</summary>
    public static void Uprobes() => KernelPolicy.PermitsProbes("uprobe");

    public static void UprobeMulti()
    {
        Function("bpf_uprobe_multi_link_attach", "uprobe.multi (Linux 6.6)");
        Uprobes();
    }

    /// <summary>Programs that a process runs with a structure of its own.</summary>
    public static void SyscallPrograms() => Function(RunOfSyscall, SyscallType);

    /// <summary>XDP programs for packets in several pieces.</summary>
    public static void Fragments() => Function(LengthOfFragments, XdpFragments);

    /// <summary>Numbers that a link hands to its program.</summary>
    public static void Cookies() => Assert.SkipUnless(HasCookies, "this kernel is built without cookies (Linux 5.15)");

    /// <summary>Whether links of perf events hand a number to their programs.</summary>
    public static bool HasCookies => Has("bpf_get_attach_cookie_pe");

    /// <summary>Whether perf events have links.</summary>
    public static bool HasPerfLinks => Has("bpf_perf_link_attach");

    /// <summary>All that the programs of an object need which a load would give to the kernel.</summary>
    public static void ProgramsOf(BpfObjectFile file)
    {
        if (file.Programs.Where(program => program.AutoLoad).Select(Missing).FirstOrDefault(what => what is not null) is { } missing)
            Assert.Skip($"this kernel is built without {missing}");
        KernelPolicy.Permits(file);
    }

    /// <summary>Leaves out of a load the programs that this kernel is too old for: what is tested of the maps holds without them.</summary>
    public static void LeaveOutMissing(BpfObjectFile file)
    {
        foreach (BpfProgramDefinition program in file.Programs.Where(program => program.AutoLoad)) program.AutoLoad = Missing(program) is null;
    }

    public static void PerfLinks() => Assert.SkipUnless(HasPerfLinks, "this kernel is built without links of perf events (Linux 5.15)");

    private static string? Missing(BpfProgramDefinition program) => program switch
    {
        { Type: BpfProgramType.Syscall } when !Has(RunOfSyscall) => SyscallType,
        _ when (program.LoadFlags & BpfProgramFlags.XdpHasFrags) != 0 && !Has(LengthOfFragments) => XdpFragments,
        _ => null,
    };

    private static HashSet<string> Read()
    {
        // Modules come while tests run, but not often: what was missing a moment ago is missing still.
        if (DateTime.UtcNow - _read < TimeSpan.FromSeconds(30)) return Functions;
        using KernelSymbolReader symbols = KernelSymbolReader.Open();
        while (symbols.TryRead(out KernelSymbol symbol))
        {
            if ((symbol.Kind | 0x20) is (byte)'t' or (byte)'w') Functions.Add(Encoding.UTF8.GetString(symbol.Name));
        }

        _read = DateTime.UtcNow;
        return Functions;
    }

    /// <summary>Skips what takes an emulated processor minutes, and tells nothing there that it does not tell elsewhere.</summary>
    public static void RealProcessor()
        => Assert.SkipWhen(Processor.IsEmulated, "too slow on an emulated CPU");
}
