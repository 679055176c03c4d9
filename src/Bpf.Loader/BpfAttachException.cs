using System.Collections.Generic;
using System.Text;

namespace Bpf.Loader;

/// <summary>A program could not be attached: where to, why, and what to do about it.</summary>
public sealed class BpfAttachException : BpfException
{
    internal BpfAttachException(
        BpfDiagnosticId id,
        string target,
        string reason,
        Errno errno = Errno.EINVAL,
        string operation = "attach",
        string? hint = null,
        IReadOnlyList<string>? closeNames = null)
        : base(operation, errno, target, hint, id, Describe(id, reason, closeNames ?? [], hint))
    {
        Target = target;
        CloseNames = closeNames ?? [];
    }

    /// <summary>What was to be attached to, with its kind, such as <c>tracepoint sched/sched_switch</c>.</summary>
    public string Target { get; }

    /// <summary>Names that exist and look like the one that was asked for, the closest first.</summary>
    public IReadOnlyList<string> CloseNames { get; }

    private static string Describe(BpfDiagnosticId id, string reason, IReadOnlyList<string> closeNames, string? hint)
    {
        var text = new StringBuilder(id.ToCode()).Append(": ").Append(reason);
        if (closeNames.Count > 0)
            text.Append(" Did you mean ").AppendJoin(" or ", closeNames).Append('?');
        if (hint is not null)
            text.Append(' ').Append(hint);
        return text.ToString();
    }
}
