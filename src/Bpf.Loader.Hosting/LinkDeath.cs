using System;
using System.Runtime.Versioning;
using Bpf.Loader.Links.Info;

namespace Bpf.Loader.Hosting;

/// <summary>Why a link is not what it was.</summary>
/// <param name="Reason">Why, as a part of a sentence.</param>
/// <param name="IsTakenOver">True when it is attached, but runs the program of somebody else.</param>
[SupportedOSPlatform("linux")]
internal readonly record struct LinkDeath(string Reason, bool IsTakenOver = false)
{
    private const string Detached = "it was detached";

    /// <summary>Looks whether a link still is what it was: one system call.</summary>
    /// <param name="link">The link.</param>
    /// <param name="program">The number of the program that it was attached with; 0 when that is not known.</param>
    /// <returns>Null when it is.</returns>
    public static LinkDeath? Of(BpfLink link, uint program = 0)
    {
        if (link.IsDisposed) return new LinkDeath(Detached);
        try
        {
            if (link is BpfTcLink filter) return filter.QueryProgramId() == 0 ? new LinkDeath("its filter is gone") : null;
            if (!link.IsKernelLink) return null;

            // A link that was detached by force has the same marks as one whose device or cgroup is gone.
            return link.GetInfo() switch
            {
                DeviceLinkInfo { InterfaceIndex: 0 } => Gone("network device"),
                CgroupLinkInfo { CgroupId: 0 } => Gone("cgroup"),
                NetnsLinkInfo { Inode: 0 } => Gone("network namespace"),
                (DeviceLinkInfo or CgroupLinkInfo or NetnsLinkInfo) and { ProgramId: var other } when program != 0 && other != program =>
                    new LinkDeath($"program {other} was put in the place of its own", IsTakenOver: true),
                _ => null,
            };
        }
        catch (BpfException error)
        {
            return new LinkDeath(error.Finding.ToLine());
        }
        catch (ObjectDisposedException)
        {
            return new LinkDeath(Detached);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Reason;

    private static LinkDeath Gone(string what) => new($"its {what} is gone, or it was detached by force");
}
