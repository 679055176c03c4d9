using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader.Kernel;

namespace Bpf.Loader;

/// <summary>What programs print by <c>bpf_printk()</c>, for all programs of the system together.</summary>
[SupportedOSPlatform("linux")]
public static class BpfTraceLog
{
    /// <summary>Opens the log (<c>trace_pipe</c>). A read waits for a line; each line is given to one reader only.</summary>
    /// <exception cref="BpfNotSupportedException">The kernel has no tracefs.</exception>
    /// <exception cref="BpfException">The process may not read it.</exception>
    /// <remarks>Linux 4.1; the right to read tracefs, which is CAP_SYS_ADMIN unless its mount says otherwise.</remarks>
    public static Stream OpenRead() => TraceFs.Current.OpenRead("trace_pipe");
}
