using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Links;

/// <summary>Asks tracefs what attaching needs of it, and explains what it does not have.</summary>
[SupportedOSPlatform("linux")]
internal static class TracingFiles
{
    /// <summary>The tracing files.</summary>
    /// <exception cref="BpfAttachException">They are mounted nowhere and may not be mounted.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has none.</exception>
    public static TraceFs Open(ProgramToAttach program, string target)
    {
        try
        {
            return TraceFs.Current;
        }
        catch (BpfException error) when (error is not BpfNotSupportedException)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.NoTraceFs, target,
                $"The program '{program.Name}' cannot be attached to {target}: tracefs cannot be read. {error.Finding.Message}",
                error.Errno, error.Operation, "As an administrator, mount it: mount -t tracefs tracefs /sys/kernel/tracing.");
        }
    }

    /// <summary>The id of a tracepoint.</summary>
    /// <exception cref="BpfAttachException">There is no such tracepoint, or tracefs is not to be had.</exception>
    public static uint EventId(ProgramToAttach program, string target, string category, string name)
    {
        TraceFs files = Open(program, target);
        try
        {
            return files.ReadEventId(category, name);
        }
        catch (BpfException error) when (error.Errno == Errno.ENOENT)
        {
            var close = new CloseNames($"{category}/{name}");
            foreach ((string known, string tracepoint) in Events(files)) close.Add($"{known}/{tracepoint}");
            throw new BpfAttachException(
                BpfDiagnosticId.NoSuchTracepoint, target,
                $"The program '{program.Name}' cannot be attached to {target}: this kernel has no such tracepoint.",
                Errno.ENOENT, error.Operation, closeNames: close.Best);
        }
        catch (BpfException error) when (error.Errno is Errno.EACCES or Errno.EPERM)
        {
            throw new BpfAttachException(
                BpfDiagnosticId.AttachNotPermitted, target,
                $"The program '{program.Name}' cannot be attached to {target}: {error.Finding.Message}", error.Errno, error.Operation);
        }
    }

    /// <summary>The error for a raw tracepoint that does not exist.</summary>
    public static BpfAttachException NoRawTracepoint(ProgramToAttach program, string target, string name)
    {
        var close = new CloseNames(name);
        if (TraceFs.TryOpen(out _) is TraceFs files)
            foreach ((_, string tracepoint) in Events(files)) close.Add(tracepoint);
        bool isSystemCall = name.StartsWith("sys_enter_", StringComparison.Ordinal) || name.StartsWith("sys_exit_", StringComparison.Ordinal);
        return new BpfAttachException(
            BpfDiagnosticId.NoSuchTracepoint, target,
            $"The program '{program.Name}' cannot be attached to {target}: this kernel has no such tracepoint.",
            Errno.ENOENT, "BPF_RAW_TRACEPOINT_OPEN",
            isSystemCall ? "Single system calls are tracepoints only; as raw tracepoints there are sys_enter and sys_exit, for all of them." : null,
            isSystemCall ? [] : close.Best);
    }

    private static IEnumerable<(string Category, string Name)> Events(TraceFs files)
    {
        foreach (string category in files.ListCategories())
            foreach (string name in files.ListEvents(category))
                yield return (category, name);
    }
}
