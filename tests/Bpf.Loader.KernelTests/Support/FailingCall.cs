using System;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Threading;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>Does something on a thread of its own, on which the kernel refuses one system call (seccomp of that thread alone).</summary>
internal static unsafe partial class FailingCall
{
    private static readonly bool IsX64 = RuntimeInformation.ProcessArchitecture == Architecture.X64;

    /// <summary>recvfrom(2).</summary>
    public static int ReceiveFrom { get; } = IsX64 ? 45 : 207;

    /// <summary>fcntl(2).</summary>
    public static int FileControl { get; } = IsX64 ? 72 : 25;

    /// <summary>bpf(2).</summary>
    public static int Bpf { get; } = IsX64 ? 321 : 280;

    /// <summary>perf_event_open(2).</summary>
    public static int PerfEventOpen { get; } = IsX64 ? 298 : 241;

    /// <summary>Of fcntl(2), the one that duplicates: <c>F_DUPFD_CLOEXEC</c> as the second argument.</summary>
    public static (int Argument, uint Value) Duplicate => (1, 1030);

    /// <summary>Of bpf(2), the one that describes a map, program or link: <c>BPF_OBJ_GET_INFO_BY_FD</c> as the first argument.</summary>
    public static (int Argument, uint Value) Describe => (0, 15);

    /// <summary>Of bpf(2), one command.</summary>
    public static (int Argument, uint Value) Command(BpfCommand command) => (0, (uint)command);

    /// <summary>Does it.</summary>
    /// <param name="call">The system call.</param>
    /// <param name="errno">What it fails with.</param>
    /// <param name="only">Only with this argument; null for any.</param>
    /// <param name="action">What to do.</param>
    public static void While(int call, Errno errno, (int Argument, uint Value)? only, Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Forbid(call, errno, only);
                action();
            }
#pragma warning disable CA1031 // It is thrown on, in the test's thread.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static void Forbid(int call, Errno errno, (int Argument, uint Value)? only)
    {
        // include/uapi/linux/filter.h and seccomp.h: load a word of struct seccomp_data, compare, return.
        const ushort Load = 0x20, Equal = 0x15, Return = 0x06;
        const uint Number = 0, Arguments = 16, Allow = 0x7fff0000, Fail = 0x00050000;
        Filter[] filter =
        [
            new(Load, 0, 0, Number), new(Equal, 0, 3, (uint)call),
            new(Load, 0, 0, Arguments + (8 * (uint)(only?.Argument ?? 0))), new(Equal, 0, (byte)(only is null ? 0 : 1), only?.Value ?? 0),
            new(Return, 0, 0, Fail | (uint)errno), new(Return, 0, 0, Allow),
        ];
        fixed (Filter* code = filter)
        {
            var program = new FilterProgram { Length = (ushort)filter.Length, Code = code };
            const int SetSeccomp = 22, FilterMode = 2; // PR_SET_SECCOMP, SECCOMP_MODE_FILTER
            Assert.True(ProcessControl(SetSeccomp, FilterMode, (nint)(&program), 0, 0) == 0, "no seccomp here");
        }
    }

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int ProcessControl(int option, nint a, nint b, nint c, nint d);

    // struct sock_filter
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Filter(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    // struct sock_fprog
    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public Filter* Code;
    }
}
