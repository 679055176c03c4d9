using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

/// <summary>The calls that put filters on system calls (<c>include/uapi/linux/seccomp.h</c>).</summary>
[SupportedOSPlatform("linux")]
internal static unsafe class Seccomp
{
    private const int SetNoNewPrivilegesOption = 38; // PR_SET_NO_NEW_PRIVS
    private const nint SetModeFilter = 1; // SECCOMP_SET_MODE_FILTER
    private const nint AllThreadsFlag = 1, LogFlag = 2; // SECCOMP_FILTER_FLAG_TSYNC, SECCOMP_FILTER_FLAG_LOG

    /// <summary>Keeps the thread from gaining rights by what it executes, for ever.</summary>
    public static Errno SetNoNewPrivileges() => LibC.ProcessControl(SetNoNewPrivilegesOption, 1, 0, 0, 0) < 0 ? LibC.LastError : Errno.None;

    /// <summary>Puts a filter on the thread, or on all.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="isForAll">True for all threads of the process.</param>
    /// <param name="isLogged">True to log what is not allowed.</param>
    /// <param name="thread">The thread that cannot get it, when it is for all; else 0.</param>
    public static Errno Install(ReadOnlySpan<byte> filter, bool isForAll, bool isLogged, out int thread)
    {
        fixed (byte* instructions = filter)
        {
            var program = new FilterProgram { Length = (ushort)(filter.Length / FilterProgram.InstructionSize), Instructions = (ulong)instructions };
            nint result = LibC.SystemCall(SystemCallNumbers.Seccomp, SetModeFilter, (isForAll ? AllThreadsFlag : 0) | (isLogged ? LogFlag : 0), (nint)(&program));
            thread = result > 0 ? (int)result : 0;
            return result < 0 ? LibC.LastError : Errno.None;
        }
    }
}
