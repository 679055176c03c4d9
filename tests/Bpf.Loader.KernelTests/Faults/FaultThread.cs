using System;
using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Faults;

/// <summary>
/// A thread whose system calls can be made to fail, one at a time: <c>native-shims/faults.c</c>. What it does is given to it by others,
/// which wait for it; their own calls never fail.
/// </summary>
internal sealed unsafe class FaultThread : IDisposable
{
    /// <summary>Every call of those that the shim lists.</summary>
    public const int AnyCall = -1;

    private const int NameRoom = 256;

    private static readonly nint Library = NativeLibrary.Load(NativeShims.Faults);
    private static readonly delegate* unmanaged<int, int, nint> Start = (delegate* unmanaged<int, int, nint>)NativeLibrary.GetExport(Library, "faults_start");
    private static readonly delegate* unmanaged<nint, nint, int, void> Arm = (delegate* unmanaged<nint, nint, int, void>)NativeLibrary.GetExport(Library, "faults_arm");
    private static readonly delegate* unmanaged<nint, void> Rest = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(Library, "faults_rest");
    private static readonly delegate* unmanaged<nint, byte*, nuint, nint> Disarm = (delegate* unmanaged<nint, byte*, nuint, nint>)NativeLibrary.GetExport(Library, "faults_disarm");

    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;
    private nint _faults;

    /// <param name="call">The one system call that counts, by its number, or <see cref="AnyCall"/>.</param>
    /// <param name="command">The one command of bpf(2) that counts, or null for all.</param>
    public FaultThread(int call = AnyCall, BpfCommand? command = null)
    {
        _thread = new Thread(() =>
        {
            foreach (Action work in _work.GetConsumingEnumerable()) work();
        });
        _thread.Start();
        Do(() => _faults = Start(call, command is { } one ? (int)one : -1));
        if (_faults == 0) Dispose();
        Assert.SkipWhen(_faults == 0, "the kernel reports no system calls to a listener (Linux 5.5)");
    }

    /// <summary>Does something on the thread while no call fails.</summary>
    public void Do(Action action) => Wait(action)?.Throw();

    /// <summary>Does something while one call fails.</summary>
    /// <param name="number">Which of the calls that count, from 1 on; 0 is none.</param>
    /// <param name="errno">What it fails with.</param>
    /// <param name="action">What to do.</param>
    /// <param name="andAllAfter">Whether all calls after that one fail too.</param>
    /// <returns>The call that failed, or null when there were not so many; what the action threw; and how many calls there were.</returns>
    public (string? Failed, Exception? Thrown, int Calls) Do(int number, Errno errno, Action action, bool andAllAfter = false)
    {
        string? failed = null;
        int calls = 0;
        Exception? thrown = Wait(() =>
        {
            byte* name = stackalloc byte[NameRoom];
            Arm(_faults, number, (int)errno);
            if (andAllAfter) Rest(_faults);
            try
            {
                action();
            }
            finally
            {
                calls = (int)Disarm(_faults, name, NameRoom);
                failed = Marshal.PtrToStringUTF8((nint)name) is { Length: > 0 } text ? text : null;
            }
        })?.SourceException;
        return (failed, thrown, calls);
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private ExceptionDispatchInfo? Wait(Action action)
    {
        ExceptionDispatchInfo? failure = null;
        using var done = new ManualResetEventSlim();
        _work.Add(() =>
        {
            try
            {
                action();
            }
#pragma warning disable CA1031 // It is given to who waits, in whose thread it is judged.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }

            done.Set();
        });
        done.Wait();
        return failure;
    }
}
