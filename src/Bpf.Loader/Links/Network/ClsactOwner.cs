using System.Collections.Generic;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Network;

/// <summary>
/// Remembers which devices got their clsact qdisc from this process, so that it can be removed with the last filter, and is left
/// where it was found.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ClsactOwner
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<(string Namespace, int Interface), ClsactOwner> Known = [];

    private readonly (string Namespace, int Interface) _key;
    private bool _madeHere;
    private int _users;

    private ClsactOwner((string Namespace, int Interface) key) => _key = key;

    /// <summary>Whether the device had the qdisc before anybody here asked for it.</summary>
    public bool WasThere => !_madeHere;

    /// <summary>Makes sure that the device has the qdisc.</summary>
    /// <param name="socket">A socket of the calling thread's network namespace.</param>
    /// <param name="interfaceIndex">The device.</param>
    /// <param name="errno">Why it cannot have one.</param>
    /// <param name="reason">What the kernel says of a refusal.</param>
    /// <param name="isLeft">Whether it may have been made nevertheless, and could not be removed.</param>
    public static ClsactOwner? Acquire(NetlinkSocket socket, int interfaceIndex, out Errno errno, out string? reason, out bool isLeft)
    {
        isLeft = false;
        reason = null;
        lock (Gate)
        {
            (string, int) key = (LinkTarget.Of("/proc/thread-self/ns/net") ?? "", interfaceIndex);
            errno = TcNetlink.HasQdisc(socket, interfaceIndex, out bool wasThere);
            if (socket.IsAnswerLost) return null;
            bool isKnownMissing = errno == Errno.None && !wasThere;
            errno = TcNetlink.CreateClsact(socket, interfaceIndex, out reason);
            if (socket.IsAnswerLost)
            {
                // The kernel carries a request out while it is sent. One that was not there has no filters but ours, of which there are none yet.
                isLeft = !isKnownMissing || TcNetlink.DeleteClsact(socket, interfaceIndex) is not (Errno.None or Errno.ENOENT or Errno.EINVAL or Errno.ENODEV);
                return null;
            }

            if (errno is not (Errno.None or Errno.EEXIST)) return null;
            if (!Known.TryGetValue(key, out ClsactOwner? owner)) Known.Add(key, owner = new ClsactOwner(key));
            if (errno == Errno.None) owner._madeHere = true;
            owner._users++;
            errno = Errno.None;
            return owner;
        }
    }

    /// <summary>
    /// Ends a use; the last one removes the qdisc if it was made here and holds nobody's filters. What is refused can be tried once more.
    /// </summary>
    public Errno Release(NetlinkSocket socket, bool detach)
    {
        lock (Gate)
        {
            if (_users == 0) return Delete(socket);
            // A filter that is to stay needs its qdisc.
            if (!detach) _madeHere = false;
            if (--_users > 0) return Errno.None;
            Known.Remove(_key);
            return Delete(socket);
        }
    }

    private Errno Delete(NetlinkSocket socket)
    {
        if (!_madeHere || TcNetlink.HasFilters(socket, _key.Interface)) return Errno.None;
        return TcNetlink.DeleteClsact(socket, _key.Interface) is var errno and not (Errno.ENOENT or Errno.EINVAL or Errno.ENODEV) ? errno : Errno.None;
    }
}
