using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Text;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Links.Queries;

public static partial class HookQuery
{
    /// <summary>The probes and tracepoints that a process holds by its descriptors.</summary>
    /// <param name="processId">The process.</param>
    /// <exception cref="BpfException">There is no such process, or its descriptors may not be seen.</exception>
    /// <remarks>Linux 4.18; CAP_SYS_ADMIN.</remarks>
    public static IReadOnlyList<TaskAttachment> OfTask(int processId)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/fd");
        try
        {
            return ReadTask(processId, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BpfException("open", e is UnauthorizedAccessException ? Errno.EACCES : Errno.ENOENT, folder, null);
        }
    }

    /// <summary>The probes and tracepoints that the processes of this system hold. Processes that end meanwhile are passed over.</summary>
    /// <exception cref="BpfException">CAP_SYS_ADMIN is missing.</exception>
    /// <remarks>Linux 4.18; CAP_SYS_ADMIN.</remarks>
    public static IEnumerable<TaskAttachment> OfAllTasks()
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out int processId)) continue;
            List<TaskAttachment> found;
            try
            {
                found = ReadTask(processId, folder + "/fd");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            foreach (TaskAttachment attachment in found) yield return attachment;
        }
    }

    private static List<TaskAttachment> ReadTask(int processId, string folder)
    {
        var found = new List<TaskAttachment>();
        byte[] text = new byte[4096]; // PATH_MAX: of a uprobe it is the path
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            // Others are not asked for: the kernel would have to open each.
            if (LinkTargetOf(entry) is not string kind || !kind.StartsWith("anon_inode:", StringComparison.Ordinal)) continue;
            if (!kind.Contains("perf_event", StringComparison.Ordinal) && !kind.Contains("bpf", StringComparison.Ordinal)) continue;
            int descriptor = int.Parse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture);
            Errno errno = BpfSyscall.TaskFdQuery(processId, descriptor, text, out TaskFdQueryAttr answer);
            if (errno is Errno.EPERM or Errno.EACCES) throw Refusal.Of(BpfCommand.TaskFdQuery, errno, folder);
            if (errno != Errno.None) continue; // an event without a program, another link, or gone
            int end = text.AsSpan().IndexOf((byte)0);
            found.Add(new TaskAttachment(
                processId, descriptor, (TaskAttachmentKind)answer.FdType, answer.ProgId,
                answer.BufLen == 0 ? "" : Encoding.UTF8.GetString(text.AsSpan(0, Math.Max(end, 0))), answer.ProbeOffset, answer.ProbeAddr));
        }

        return found;
    }

    private static string? LinkTargetOf(FileSystemInfo entry)
    {
        try
        {
            return entry.LinkTarget;
        }
        catch (IOException)
        {
            return null; // closed meanwhile
        }
    }
}
