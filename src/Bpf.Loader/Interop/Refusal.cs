using System;
using System.Globalization;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>Makes an exception of a refusal, with a hint of what to do: the one place that explains an errno.</summary>
[SupportedOSPlatform("linux")]
internal static class Refusal
{
    private static readonly Version CountsByCgroup = new(5, 11);

    /// <summary>A command of bpf(2) that is not about a certain type of map or program.</summary>
    public static BpfException Of(BpfCommand command, Errno errno, string? objectName = null, string? hint = null, BpfDiagnosticId? id = null)
        => new(command, errno, objectName, hint ?? Explain(errno, NeededCapabilities.Of(command), command), id ?? IdOf(errno, command));

    /// <summary>The creation of a map.</summary>
    public static BpfException OfMap(BpfMapType type, Errno errno, string? objectName, string? hint = null)
        => new(BpfCommand.MapCreate, errno, objectName, hint ?? Explain(errno, NeededCapabilities.Of(type), BpfCommand.MapCreate), IdOf(errno, BpfCommand.MapCreate));

    /// <summary>A command about a program: its load, link or attachment.</summary>
    public static BpfException OfProgram(
        BpfCommand command, BpfProgramType type, Errno errno, string? objectName, string? hint = null)
        => new(command, errno, objectName, hint ?? Explain(errno, NeededCapabilities.Of(type), command), IdOf(errno, command));

    /// <summary>The hint for the load of a program, which the verifier's exception carries too.</summary>
    public static string? HintForProgram(BpfProgramType type, Errno errno)
        => Explain(errno, NeededCapabilities.Of(type), BpfCommand.ProgLoad);

    /// <summary>The hint for a refusal when more is known to be needed than the command itself takes, as for all of an object.</summary>
    public static string? HintFor(BpfCommand command, Errno errno, ReadOnlySpan<Capability> needed) => errno == Errno.EPERM ? Explain(errno, needed, command) : null;

    /// <summary>A system call other than bpf(2), with the capability that it needs.</summary>
    public static BpfException OfCall(string call, Errno errno, string? objectName, Capability needed, string? hint = null)
        => new(call, errno, objectName, hint ?? Explain(errno, [needed], command: null), IdOf(errno, command: null));

    private static BpfDiagnosticId IdOf(Errno errno, BpfCommand? command) => command switch
    {
        BpfCommand.TokenCreate => BpfDiagnosticId.NoToken,
        BpfCommand.ObjPin or BpfCommand.ObjGet => BpfDiagnosticId.PinRefused,
        _ when errno is Errno.EPERM || (errno is Errno.EACCES && command is not BpfCommand.ProgLoad) => BpfDiagnosticId.NotPermitted,
        BpfCommand.MapCreate => BpfDiagnosticId.MapRefused,
        BpfCommand.ProgLoad => BpfDiagnosticId.ProgramRefused,
        BpfCommand.BtfLoad => BpfDiagnosticId.BtfRefused,
        _ => BpfDiagnosticId.KernelRefused,
    };

    private static string? Explain(Errno errno, ReadOnlySpan<Capability> needed, BpfCommand? command) => errno switch
    {
        Errno.EPERM or Errno.EACCES when command is not BpfCommand.ProgLoad || errno == Errno.EPERM
            => ExplainPermission(needed, command),
        Errno.ENOSYS => ProcessRights.IsFiltered
            ? "A seccomp filter is on this thread. A guess: it hides the system call, which this kernel has."
            : "This kernel is built without the system call: no seccomp filter hides it.",
        Errno.EINVAL when command is BpfCommand.ObjGet or BpfCommand.ObjPin
            => "The path must be on a file system of type bpf, such as /sys/fs/bpf.",
        Errno.ENOENT when command is BpfCommand.ObjGet => "Nothing is pinned under that path.",
        Errno.EEXIST when command is BpfCommand.ObjPin => "Something is there already.",
        _ => null,
    };

    private static string? ExplainPermission(ReadOnlySpan<Capability> needed, BpfCommand? command)
    {
        if (ProcessRights.Explain(needed) is string missing)
            return missing;

        // On Linux, the version of the system is the kernel's release; distributions change the patch number only.
        bool isCounted = Environment.OSVersion.Version < CountsByCgroup;
        if (isCounted && command is BpfCommand.MapCreate or BpfCommand.ProgLoad && MemoryLock.Limit is var limit and not ResourceLimit.Infinity)
        {
            return $"Try raising the limit of locked memory ('ulimit -l'), which is {Size(limit)}: "
                + "kernels before 5.11 count maps and programs against it.";
        }

        if (UserNamespace.IsInitial)
            return Restrictions.Read().Describe();
        return command is BpfCommand.MapCreate or BpfCommand.ProgLoad or BpfCommand.BtfLoad
            ? "The process has the capabilities in a user namespace of its own only, where this takes a BPF token (Linux 6.9): have a privileged process "
                + "mount a bpf file system for the namespace with delegate_cmds, delegate_maps, delegate_progs and delegate_attachs, and name it "
                + "as TokenPath or in LIBBPF_BPF_TOKEN_PATH."
            : "The process has the capabilities in a user namespace of its own only, and this needs them outside: no BPF token stands for them.";
    }

    private static string Size(ulong bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KiB"),
        < 1024 * 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.#} GiB"),
    };
}
