using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel.Probes;

namespace Bpf.Loader.Kernel;

/// <summary>Whether anything at all can be loaded, so that the first refusal says so instead of blaming a program.</summary>
[SupportedOSPlatform("linux")]
internal static class LoadingProbe
{
    /// <summary>Loads the smallest program there is.</summary>
    /// <param name="token">With whose rights, if any.</param>
    /// <exception cref="BpfException">The kernel refuses even that.</exception>
    public static void Check(FileDescriptorHandle? token = null)
    {
        // A process may have the rights for the one type and not for the other.
        var context = new ProbeContext(token);
        using FileDescriptorHandle? filter = context.LoadProgram(
            BpfProgramType.SocketFilter, ProbeContext.ReturnZero, out Errno errno);
        if (filter is not null)
            return;
        using FileDescriptorHandle? tracepoint = context.LoadProgram(
            BpfProgramType.Tracepoint, ProbeContext.ReturnZero, out _);
        if (tracepoint is null)
            throw Refusal.OfProgram(BpfCommand.ProgLoad, BpfProgramType.SocketFilter, errno, "a program that does nothing");
    }
}
