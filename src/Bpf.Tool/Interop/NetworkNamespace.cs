using System;
using System.Globalization;
using System.IO;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Tool.Interop;

/// <summary>A network namespace other than that of the command.</summary>
[SupportedOSPlatform("linux")]
internal static partial class NetworkNamespace
{
    private const int CloneNewNet = 0x40000000; // CLONE_NEWNET: setns(2) takes nothing else

    /// <summary>Does something in a network namespace.</summary>
    /// <param name="which">A path, such as <c>/run/netns/NAME</c>, or the number of a process that is in it.</param>
    /// <param name="action">What; it must stay on its thread.</param>
    /// <exception cref="BpfException">It cannot be entered; or what the action throws.</exception>
    /// <remarks>A thread of its own enters it and ends then: no other work can find itself there.</remarks>
    public static void Run(string which, Action action)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter(which);
                action();
            }
#pragma warning disable CA1031 // The caller's thread throws it on.
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

    private static void Enter(string which)
    {
        bool isProcess = int.TryParse(which, NumberStyles.None, CultureInfo.InvariantCulture, out int process);
        string path = isProcess ? string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/ns/net") : which;
        try
        {
            using SafeFileHandle file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            bool isHeld = false;
            try
            {
                file.DangerousAddRef(ref isHeld);
                if (SetNamespace((int)file.DangerousGetHandle(), CloneNewNet) == 0) return;
            }
            finally
            {
                if (isHeld) file.DangerousRelease();
            }

            var errno = (Errno)Marshal.GetLastPInvokeError();
            throw new BpfException("setns", errno, path, errno switch
            {
                Errno.EINVAL => "That is no network namespace. Give a path such as /run/netns/NAME or /proc/PID/ns/net, or the number of a process.",
                Errno.EPERM => "CAP_SYS_ADMIN is needed, here and in the user namespace that it belongs to.",
                _ => null,
            });
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BpfException("open", Errno.ENOENT, path, isProcess
                ? $"There is no process {process.ToString(CultureInfo.InvariantCulture)}, or it has ended."
                : "Give a path such as /run/netns/NAME, where 'ip netns' has its names, or the number of a process.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new BpfException("open", Errno.EACCES, path, isProcess ? "Who may trace a process may enter its namespaces: its own user, or CAP_SYS_PTRACE." : null);
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            // A name that is too long, links in a circle, a NUL.
            throw new BpfException("open", Errno.EINVAL, path, $"{e.Message.TrimEnd('.')}. Give a path such as /run/netns/NAME, or the number of a process.");
        }
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int descriptor, int type);
}
