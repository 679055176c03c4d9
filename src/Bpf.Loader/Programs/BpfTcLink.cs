using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader;

/// <summary>
/// A filter of traffic control. Disposing removes it, and with the last filter the clsact qdisc, if that was made for it.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class BpfTcLink : BpfLink
{
    private readonly NetlinkSocket _socket;
    private readonly ClsactOwner _qdisc;
    private readonly TcFilterPlace _filter;

    internal BpfTcLink(NetlinkSocket socket, ClsactOwner qdisc, in TcFilterPlace filter, string target)
        : base(null, target)
    {
        _socket = socket;
        _qdisc = qdisc;
        _filter = filter;
    }

    /// <summary>The filter's priority: the lower, the earlier.</summary>
    public ushort Priority => _filter.Priority;

    /// <summary>The filter's number among those of its priority.</summary>
    public uint FilterHandle => _filter.Handle;

    /// <summary>Which packets.</summary>
    public TrafficDirection Direction => _filter.Direction;

    /// <summary>The number of the program that the filter runs now; 0 when the filter is gone.</summary>
    /// <exception cref="BpfException">The kernel does not tell.</exception>
    public uint QueryProgramId()
    {
        Errno errno = TcNetlink.Query(_socket, _filter, out TcFilterPlace found);
        if (errno is Errno.ENOENT or Errno.EINVAL or Errno.ENODEV) return 0;
        return errno == Errno.None ? found.ProgramId : throw new BpfException("RTM_GETTFILTER", errno, Target, null);
    }

    /// <summary>Removes the filter now.</summary>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public override void Detach()
    {
        Errno errno = Remove(out string? reason);
        if (errno != Errno.None) throw new BpfException("RTM_DELTFILTER", errno, Target, reason);
    }

    private protected override bool EndsWithoutOwner => false;

    private protected override void Release(bool detach)
    {
        // A device that is gone took its filters along.
        if (detach) LetGo(() => Remove(out _) is var errno and not (Errno.ENOENT or Errno.ENODEV) ? errno : Errno.None, "Remove the filter with 'tc filter del'.");
        LetGo(() => _qdisc.Release(_socket, detach), "Its filter is gone, and the clsact qdisc that was made for it is left: remove that with 'tc qdisc del dev DEVICE clsact'.");
        _socket.Dispose();
    }

    // Somebody may have put another program under the same handle and priority: that filter is theirs.
    private Errno Remove(out string? reason)
    {
        if (_filter.ProgramId != 0 && TcNetlink.Query(_socket, _filter, out TcFilterPlace found) == Errno.None && found.ProgramId != _filter.ProgramId)
        {
            reason = $"Another program ({found.ProgramId}) is in its place.";
            return Errno.ENOENT;
        }

        return TcNetlink.DeleteFilterAt(_socket, _filter, out reason);
    }
}
