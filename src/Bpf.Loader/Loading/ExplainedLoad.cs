using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Loading;

/// <summary>Gives the kernel a program, and asks for the verifier's log where there is something to explain, or somebody wants to read it.</summary>
[SupportedOSPlatform("linux")]
internal static class ExplainedLoad
{
    /// <summary>Loads a program.</summary>
    /// <param name="request">The program, without a log.</param>
    /// <param name="level">Of the log; 0 asks for one only when the program is refused, as it slows the verifier down several times.</param>
    /// <param name="errno">Why it failed.</param>
    /// <param name="log">What the verifier said, as far as it was asked.</param>
    public static FileDescriptorHandle? Load(in ProgramLoadRequest request, uint level, out Errno errno, out string log)
    {
        log = "";
        Errno first = Errno.None;
        if (level == 0)
        {
            FileDescriptorHandle? quiet = BpfSyscall.ProgramLoad(request, out errno);
            if (quiet is not null) return quiet;
            first = errno;
            level = 1;
        }

        // The second answer explains the first. One of them is enough: where the log does not fit, its end is left (its beginning before 6.4).
        using var buffer = new VerifierLogBuffer();
        ProgramLoadRequest telling = request;
        telling.Log = buffer.Memory;
        telling.LogLevel = telling.Log.IsEmpty ? 0 : level;
        FileDescriptorHandle? handle = BpfSyscall.ProgramLoad(telling, out errno);

        // The log that the caller asked for does not fit, and the program may be sound.
        if (handle is null && errno == Errno.ENOSPC && first == Errno.None) handle = BpfSyscall.ProgramLoad(request, out errno);
        log = buffer.Read();

        // The log buffer itself can be refused; the first answer is about the program then.
        if (handle is null && errno is Errno.ENOSPC or Errno.EFAULT && first != Errno.None) errno = first;
        return handle;
    }
}
