using System;
using System.Runtime.InteropServices;
using System.Threading;
using Bpf.Loader.KernelTests.Support;
using Tmds.Linux;

namespace Bpf.Loader.KernelTests.Interop;

/// <summary>
/// Sends a signal to the thread that made it, again and again from another thread, until it is disposed. Its handler does nothing, and does
/// not restart what it interrupts (no SA_RESTART): whatever waits in the kernel ends with EINTR.
/// </summary>
internal sealed unsafe partial class SignalStorm : IDisposable
{
    // SIGUSR2, which the runtime leaves alone.
    private readonly Thread _sender;
    private readonly sigaction _before;
    private volatile bool _ended;
    private int _sent;

    public SignalStorm()
    {
        // getpid(2) does for a handler: it takes nothing, does nothing, and may be called at any time.
        var action = new sigaction { sa_handler = (void*)NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "getpid") };
        sigaction before;
        if (LibC.sigaction(LibC.SIGUSR2, &action, &before) != 0) throw new InvalidOperationException("sigaction");
        _before = before;
        nint thread = SystemCall(Processor.GetThreadId, 0, 0, 0), process = Environment.ProcessId;
        _sender = new Thread(() =>
        {
            while (!_ended)
            {
                SystemCall(Processor.SendToThread, process, thread, LibC.SIGUSR2);
                _sent++;
                Thread.Sleep(0);
            }
        });
        _sender.Start();
    }

    /// <summary>How many were sent.</summary>
    public int Sent => Volatile.Read(ref _sent);

    /// <summary>Whether a call that waits is ended by one of them: a poll(2) of nothing, for a second at most.</summary>
    public static bool Interrupts() => Poll(null, 0, 1000) < 0 && Marshal.GetLastPInvokeError() == (int)Errno.EINTR;

    public void Dispose()
    {
        _ended = true;
        _sender.Join();
        sigaction before = _before;
        _ = LibC.sigaction(LibC.SIGUSR2, &before, null);
    }

    // The one of Tmds.LibC does not keep errno.
    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(void* entries, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c);
}
