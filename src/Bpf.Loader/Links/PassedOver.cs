using System.Globalization;
using System.Linq;
using System.Runtime.Versioning;

namespace Bpf.Loader.Links;

/// <summary>Says why programs were not attached by their section names, and what attaches them.</summary>
[SupportedOSPlatform("linux")]
internal static class PassedOver
{
    public static string Explain(BpfProgram program) => $"The program '{program.Name}' was passed over, and is attached to nothing.";

    public static string Cause(BpfProgram program) => program.Type switch
    {
        BpfProgramType.Syscall => "Programs of type Syscall are attached to nothing.",
        BpfProgramType.Ext => "Nothing says which program's function it replaces.",
        _ => $"Its section '{program.SectionName}' does not say what to attach it to.",
    };

    public static string CureOfNothing(int failures) => failures > 0
        ? "See what each of them was refused with: the failures of the collection."
        : "Load programs whose sections say what to attach them to, or attach each by its own method.";

    public static string ExplainNothing(BpfObject bpf, int passedOver, int failures)
    {
        int off = bpf.Programs.Count(static program => program.Definition is { AutoAttach: false });
        int unloaded = bpf.File.Programs.Count - bpf.Programs.Count;
        string[] reasons =
        [
            .. new (int Count, string What)[]
            {
                (passedOver, "passed over"), (failures, "refused"), (off, "switched off (AutoAttach)"), (unloaded, "not loaded"),
            }.Where(static reason => reason.Count > 0).Select(static reason => string.Create(CultureInfo.InvariantCulture, $"{reason.Count} {reason.What}")),
        ];
        return reasons.Length == 0
            ? $"Nothing of '{bpf.Name}' was attached: it has no programs to attach."
            : $"Nothing of '{bpf.Name}' was attached; of its programs are {string.Join(", ", reasons)}.";
    }

    public static string Cure(BpfProgram program) => program.Type switch
    {
        BpfProgramType.Syscall => "Run it by TestRun.",
        BpfProgramType.Ext => "Call AttachReplacement.",
        BpfProgramType.Xdp => "Call AttachXdp with a network device.",
        BpfProgramType.SchedCls or BpfProgramType.SchedAct => program.ExpectedAttachType switch
        {
            BpfAttachType.TcxIngress or BpfAttachType.TcxEgress => "Call AttachTcx with a network device.",
            BpfAttachType.NetkitPrimary or BpfAttachType.NetkitPeer => "Call AttachNetkit with a network device.",
            _ => "Call AttachTc or AttachTcx with a network device.",
        },
        BpfProgramType.CgroupSkb or BpfProgramType.CgroupSock or BpfProgramType.CgroupSockAddr or BpfProgramType.CgroupSockOpt or BpfProgramType.CgroupSysctl
            or BpfProgramType.CgroupDevice or BpfProgramType.SockOps => "Call AttachCgroup with the path of a cgroup.",
        BpfProgramType.SocketFilter => "Call AttachSocket with a socket.",
        BpfProgramType.SkReusePort => "Call AttachReusePort with a socket.",
        BpfProgramType.SkMsg or BpfProgramType.SkSkb => "Call AttachSockMap with a map of sockets.",
        BpfProgramType.SkLookup or BpfProgramType.FlowDissector => "Call AttachNetns with a network namespace.",
        BpfProgramType.PerfEvent => "Call AttachPerfEvent with the event.",
        BpfProgramType.Netfilter => "Call AttachNetfilter with a hook.",
        BpfProgramType.LwtIn or BpfProgramType.LwtOut or BpfProgramType.LwtXmit or BpfProgramType.LwtSeg6Local => "Call AttachLwt with a route.",
        BpfProgramType.LircMode2 => "Call AttachLirc with a device.",
        _ => "Write the target into the section's name, set AttachTarget before the load, or call the attach method of its hook.",
    };
}
