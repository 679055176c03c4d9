using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Bpf.Tool.Interop;

/// <summary>Whether somebody reads the standard output: who writes nothing for a while is not told otherwise.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class OutputState
{
    private const short Error = 8, HangUp = 16; // POLLERR: of a pipe that nobody reads; POLLHUP: of a socket or terminal

    /// <summary>True when nobody will read what is written. A file is read by whoever wants.</summary>
    public static bool IsClosed()
    {
        var entry = new Entry { Descriptor = 1 };
        return Poll(&entry, 1, 0) > 0 && (entry.Returned & (Error | HangUp)) != 0;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(Entry* entries, nuint count, int timeout);

    // struct pollfd
    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public int Descriptor;
        public short Wanted;
        public short Returned;
    }
}
