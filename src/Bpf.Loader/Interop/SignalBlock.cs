using System.Runtime.Versioning;

namespace Bpf.Loader.Interop;

/// <summary>
/// Keeps signals away from this thread until it is disposed, for a system call that a signal would cut short and that cannot simply be
/// made again. Those that the thread itself causes (SIGSEGV and the like) still come; others wait, or go to another thread.
/// </summary>
/// <remarks>The runtime needs no signal to stop a thread that is in a system call.</remarks>
[SupportedOSPlatform("linux")]
internal unsafe ref struct SignalBlock
{
    private const int Block = 0, Restore = 2; // SIG_BLOCK, SIG_SETMASK

    // sigset_t is 128 bytes in glibc and musl, of which the kernel has 8.
    private const int Words = 16;

    // SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSYS; bit 0 is signal 1.
    private const ulong OfTheThread = 1ul << 3 | 1ul << 4 | 1ul << 5 | 1ul << 6 | 1ul << 7 | 1ul << 10 | 1ul << 30;

    private fixed ulong _before[Words];

    /// <summary>Begins. Only a wrong word for what to do could make the call fail.</summary>
    public static SignalBlock Begin()
    {
        var block = default(SignalBlock);
        ulong* signals = stackalloc ulong[Words];
        signals[0] = ~OfTheThread;
        _ = LibC.ThreadSignalMask(Block, signals, block._before);
        return block;
    }

    public void Dispose()
    {
        fixed (ulong* before = _before) _ = LibC.ThreadSignalMask(Restore, before, null);
    }
}
