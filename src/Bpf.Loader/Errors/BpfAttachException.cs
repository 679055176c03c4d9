using System;
using System.Collections.Generic;

namespace Bpf.Loader;

/// <summary>A program could not be attached: where to, why, and what to do about it.</summary>
public sealed class BpfAttachException : BpfException
{
    private const string NotAsked = "attach"; // no call of the kernel's

    internal BpfAttachException(
        BpfDiagnosticId id,
        string target,
        string reason,
        Errno errno = Errno.EINVAL,
        string operation = NotAsked,
        string? hint = null,
        IReadOnlyList<string>? closeNames = null)
        : base(operation, errno, target, hint, Describe(id, reason, errno, operation, hint, closeNames ?? []))
    {
        Target = target;
        CloseNames = closeNames ?? [];
    }

    /// <summary>What was to be attached to, with its kind, such as <c>tracepoint sched/sched_switch</c>.</summary>
    public string Target { get; }

    /// <summary>Names that exist and look like the one that was asked for, the closest first.</summary>
    public IReadOnlyList<string> CloseNames { get; }

    private static BpfFinding Describe(BpfDiagnosticId id, string reason, Errno errno, string operation, string? hint, IReadOnlyList<string> closeNames)
    {
        string? question = closeNames.Count == 0 ? null : $"Did you mean {string.Join(" or ", closeNames)}?";
        return new BpfFinding
        {
            Id = id,
            What = reason,
            Cure = question is null || hint is null ? question ?? hint : $"{question} {hint}",
            KernelWords = operation == NotAsked || reason.Contains(errno.ToString(), StringComparison.Ordinal) ? null : Describe(errno),
        };
    }
}
