using System;
using System.Runtime.InteropServices;
using System.Threading;
using Bpf.Loader.KernelTests.Support;

namespace Bpf.Loader.KernelTests.Interop;

/// <summary>
/// Sends a signal to the thread that made it, again and again from another thread, until it is disposed. Its handler does nothing, and does
/// not restart what it interrupts (no SA_RESTART): whatever waits in the kernel ends with EINTR.
/// </summary>
internal sealed unsafe partial class SignalStorm : IDisposable
{
    private const int Signal = 12; // SIGUSR2, which the runtime leaves alone

    private readonly Thread _sender;
    private readonly void* _before;
    private volatile bool _ended;
    private int _sent;

    public SignalStorm()
    {
        // struct sigaction of the C library: handler, mask of 128 bytes, flags, restorer.
        byte* action = stackalloc byte[256], before = (byte*)NativeMemory.AllocZeroed(256);
        new Span<byte>(action, 256).Clear();
        // getpid(2) does for a handler: it takes nothing, does nothing, and may be called at any time.
        *(nint*)action = NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "getpid");
        _before = before;
        if (SetAction(Signal, action, before) != 0) throw new InvalidOperationException("sigaction");
        nint thread = SystemCall(Processor.GetThreadId, 0, 0, 0), process = Environment.ProcessId;
        _sender = new Thread(() =>
        {
            while (!_ended)
            {
                SystemCall(Processor.SendToThread, process, thread, Signal);
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
        _ = SetAction(Signal, _before, null);
        NativeMemory.Free(_before);
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static partial int SetAction(int signal, void* action, void* before);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(void* entries, nuint count, int timeout);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint a, nint b, nint c);
}
