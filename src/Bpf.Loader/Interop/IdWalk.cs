using System.Collections.Generic;
using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>Walks the numbers of the kernel's objects.</summary>
[SupportedOSPlatform("linux")]
internal static class IdWalk
{
    /// <summary>All numbers of a kind, in rising order.</summary>
    /// <param name="command">One of the four <c>*_GET_NEXT_ID</c>.</param>
    /// <exception cref="BpfException">CAP_SYS_ADMIN is missing.</exception>
    public static IEnumerable<uint> Of(BpfCommand command)
    {
        uint id = 0;
        while (true)
        {
            Errno errno = BpfSyscall.NextId(command, id, out id);
            if (errno == Errno.ENOENT) yield break;
            if (errno != Errno.None) throw Refusal.Of(command, errno);
            yield return id;
        }
    }
}
