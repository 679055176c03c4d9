using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text;
using System.Threading;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>
/// The kernel's tracing files. They are taken from where they are mounted; where they are mounted nowhere, as in most containers,
/// from a mount of our own that no path leads to (5.2, needs CAP_SYS_ADMIN).
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class TraceFs
{
    // The first is where kernels since 4.1 have it, the second where it was, and where distributions still mount it.
    private static readonly string[] Mounts = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];
    private static readonly Lock Gate = new();

    private static TraceFs? _current;

    private readonly FileDescriptorHandle _root;

    private TraceFs(FileDescriptorHandle root, string? path)
    {
        _root = root;
        MountPath = path;
    }

    /// <summary>The tracing files, opened once for the process.</summary>
    /// <exception cref="BpfNotSupportedException">The kernel has no tracefs.</exception>
    /// <exception cref="BpfException">The process may not see it.</exception>
    public static TraceFs Current => TryOpen(out Errno errno) ?? throw Unavailable(errno);

    /// <summary>Where they are mounted; <see langword="null"/> when the mount is our own.</summary>
    public string? MountPath { get; }

    /// <summary>The tracing files, or <see langword="null"/> and why not.</summary>
    public static TraceFs? TryOpen(out Errno errno)
    {
        lock (Gate)
        {
            errno = Errno.None;
            return _current ??= Open(out errno);
        }
    }

    /// <summary>The id of a tracepoint, for perf_event_open(2).</summary>
    /// <param name="category">The category, such as <c>syscalls</c>.</param>
    /// <param name="name">The name, such as <c>sys_enter_openat</c>.</param>
    /// <exception cref="BpfException">There is no such tracepoint, or it may not be read; the hint names the nearest.</exception>
    public uint ReadEventId(string category, string name)
    {
        if (!IsPlainName(category) || !IsPlainName(name))
            throw new BpfException("open", Errno.ENOENT, $"tracepoint '{category}/{name}'", "Neither name may hold a slash or be empty.");
        string path = $"events/{category}/{name}/id";
        using FileDescriptorHandle? file = KernelFile.OpenReadAt(_root, path, out Errno errno);
        if (file is null)
            throw MissingEvent(category, name, errno);

        Span<byte> text = stackalloc byte[32];
        int count = KernelFile.Read(file, text, out errno);
        if (count < 0)
            throw new BpfException("read", errno, path, hint: null);
        return uint.TryParse(text[..count].Trim("\n "u8), NumberStyles.None, CultureInfo.InvariantCulture, out uint id)
            ? id
            : throw new BpfFormatException($"'{Encoding.UTF8.GetString(text[..count])}' is no event id.", path);
    }

    /// <summary>The categories of tracepoints.</summary>
    public IEnumerable<string> ListCategories() => ListDirectories("events");

    /// <summary>The tracepoints of a category; none when there is no such category.</summary>
    public IEnumerable<string> ListEvents(string category) => IsPlainName(category) ? ListDirectories($"events/{category}") : [];

    /// <summary>Opens a file for reading, such as <c>available_filter_functions</c>.</summary>
    /// <exception cref="BpfException">There is no such file, or it may not be read.</exception>
    public Stream OpenRead(string path)
        => TryOpenRead(path, out Errno errno) ?? throw Refusal.OfCall("open", errno, $"tracefs file '{path}'", Capability.SysAdmin);

    /// <summary>Opens a file for reading; <see langword="null"/> when that is not possible.</summary>
    public Stream? TryOpenRead(string path, out Errno errno)
    {
        FileDescriptorHandle? file = KernelFile.OpenReadAt(_root, path, out errno);
        return file is null ? null : new HandleStream(file, path);
    }

    /// <summary>Opens a file to read what there is in it, without waiting for more, and to be waited for by epoll.</summary>
    /// <exception cref="BpfException">There is no such file, or it may not be read.</exception>
    public FileDescriptorHandle OpenNonBlocking(string path)
        => KernelFile.OpenNonBlockingAt(_root, path, out Errno errno) ?? throw Refusal.OfCall("open", errno, $"tracefs file '{path}'", Capability.SysAdmin);

    /// <summary>Makes a directory, as for an instance of one's own (4.0).</summary>
    /// <exception cref="BpfException">The process may not.</exception>
    public void MakeDirectory(string path)
    {
        Errno errno = KernelFile.MakeDirectoryAt(_root, path);
        if (errno != Errno.None)
            throw Refusal.OfCall("mkdir", errno, $"tracefs directory '{path}'", Capability.SysAdmin);
    }

    /// <summary>Removes a directory; EBUSY while a file of it is open.</summary>
    public Errno RemoveDirectory(string path) => KernelFile.RemoveDirectoryAt(_root, path);

    /// <summary>Writes to a file.</summary>
    /// <exception cref="BpfException">There is no such file, or it does not take that.</exception>
    public void Write(string path, string text)
    {
        using FileDescriptorHandle? file = KernelFile.OpenWriteAt(_root, path, out Errno errno);
        if (file is not null)
            errno = KernelFile.Write(file, Encoding.UTF8.GetBytes(text));
        if (errno != Errno.None)
            throw Refusal.OfCall("write", errno, $"tracefs file '{path}'", Capability.SysAdmin);
    }

    /// <summary>Gives one command to <c>kprobe_events</c> or <c>uprobe_events</c>.</summary>
    public Errno TryAppend(string path, string command)
    {
        using FileDescriptorHandle? file = KernelFile.OpenAppendAt(_root, path, out Errno errno);
        return file is null ? errno : KernelFile.Write(file, Encoding.UTF8.GetBytes(command + "\n"));
    }

    private static TraceFs? Open(out Errno errno)
    {
        foreach (string path in Mounts)
        {
            // The directory is there without the mount too.
            if (FileSystems.GetMagic(path, out uint magic) != Errno.None || magic != FileSystems.Trace)
                continue;
            FileDescriptorHandle? mounted = KernelFile.OpenDirectory(path, out errno);
            if (mounted is not null)
                return new TraceFs(mounted, path);
            // The mount is there: another would not do better.
            if (errno is Errno.EMFILE or Errno.ENFILE or Errno.ENOMEM)
                return null;
        }

        FileDescriptorHandle? root = FileSystems.MountDetached("tracefs", out errno);
        return root is null ? null : new TraceFs(root, path: null);
    }

    private static BpfException Unavailable(Errno errno) => errno switch
    {
        Errno.ENODEV => new BpfNotSupportedException("tracefs (CONFIG_TRACING)", null, BpfCommand.LinkCreate, errno),
        Errno.ENOSYS => new BpfException(
            "fsopen", errno, "tracefs", $"Mount it: mount -t tracefs tracefs {Mounts[0]}."),
        _ => Refusal.OfCall("fsopen", errno, "tracefs, which is mounted nowhere,", Capability.SysAdmin),
    };

    private static bool IsPlainName(string name) => name.Length > 0 && !name.Contains('/') && name is not ("." or "..");

    private BpfException MissingEvent(string category, string name, Errno errno)
    {
        string wanted = $"tracepoint '{category}/{name}'";
        if (errno != Errno.ENOENT)
            return Refusal.OfCall("open", errno, wanted, Capability.SysAdmin);

        string[] events = IsPlainName(category) ? ListDirectories($"events/{category}") : [];
        if (events.Length > 0)
            return new BpfException("open", errno, wanted, CloseNames.Hint(name, events, n => $"{category}/{n}"));

        // The category is wrong, or not compiled in; the name may be right elsewhere.
        string[] categories = ListDirectories("events");
        string? home = categories.FirstOrDefault(c => ListEvents(c).Contains(name));
        string? hint = home is not null ? $"Did you mean '{home}/{name}'?" : CloseNames.Hint(category, categories, c => $"{c}/...");
        return new BpfException("open", errno, wanted, hint ?? $"This kernel has no tracepoints of the category '{category}'.");
    }

    // A directory of the mount that no path leads to has one by its descriptor.
    private string[] ListDirectories(string path)
    {
        using FileDescriptorHandle? directory = KernelFile.OpenDirectoryAt(_root, path, out _);
        if (directory is null)
            return [];
        using HandleUse use = directory.Use();
        try
        {
            return Directory.GetDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{use.Descriptor}"))
                .Select(d => Path.GetFileName(d))
                .Order(StringComparer.Ordinal)
                .ToArray();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The list is for suggestions, and is short of them where /proc is hidden.
            return [];
        }
    }
}
