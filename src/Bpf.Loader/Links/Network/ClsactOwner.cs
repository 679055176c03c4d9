using System.Collections.Generic;
using System.IO;
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

    /// <summary>Makes sure that the device has the qdisc.</summary>
    /// <param name="socket">A socket of the calling thread's network namespace.</param>
    /// <param name="interfaceIndex">The device.</param>
    /// <param name="errno">Why it cannot have one.</param>
    /// <param name="reason">What the kernel says of a refusal.</param>
    public static ClsactOwner? Acquire(NetlinkSocket socket, int interfaceIndex, out Errno errno, out string? reason)
    {
        lock (Gate)
        {
            errno = TcNetlink.CreateClsact(socket, interfaceIndex, out reason);
            if (errno is not (Errno.None or Errno.EEXIST)) return null;
            (string, int) key = (new FileInfo("/proc/thread-self/ns/net").LinkTarget ?? "", interfaceIndex);
            if (!Known.TryGetValue(key, out ClsactOwner? owner)) Known.Add(key, owner = new ClsactOwner(key));
            if (errno == Errno.None) owner._madeHere = true;
            owner._users++;
            errno = Errno.None;
            return owner;
        }
    }

    /// <summary>Ends a use; the last one removes the qdisc if it was made here and holds nobody's filters.</summary>
    public void Release(NetlinkSocket socket, bool detach)
    {
        lock (Gate)
        {
            // A filter that is to stay needs its qdisc.
            if (!detach) _madeHere = false;
            if (--_users > 0) return;
            Known.Remove(_key);
            if (_madeHere && !TcNetlink.HasFilters(socket, _key.Interface)) TcNetlink.DeleteClsact(socket, _key.Interface);
        }
    }
}
