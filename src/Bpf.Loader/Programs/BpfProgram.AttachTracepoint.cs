using System;
using System.Collections.Generic;
using Bpf.Loader.Links;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches to a tracepoint.</summary>
    /// <param name="category">The category, such as <c>sched</c>.</param>
    /// <param name="name">The tracepoint, such as <c>sched_process_exec</c>.</param>
    /// <param name="cookie">What <c>bpf_get_attach_cookie()</c> gives in the program (5.15); 0 for none.</param>
    /// <exception cref="BpfAttachException">There is no such tracepoint (the message names close ones), or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no tracefs, or no cookies.</exception>
    /// <remarks>
    /// Linux 4.7; CAP_PERFMON, and the right to read tracefs. Where tracefs is mounted nowhere it is mounted aside, which needs
    /// CAP_SYS_ADMIN.
    /// </remarks>
    public BpfLink AttachTracepoint(string category, string name, ulong cookie = 0) =>
        Watch(TracepointAttacher.Attach(ToAttach, category, name, cookie));

    /// <summary>Attaches to a raw tracepoint, whose arguments are those of the kernel's code.</summary>
    /// <param name="name">The tracepoint, such as <c>sched_process_exec</c>.</param>
    /// <param name="cookie">What <c>bpf_get_attach_cookie()</c> gives in the program (6.9); 0 for none.</param>
    /// <exception cref="BpfAttachException">There is no such tracepoint (the message names close ones), or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no cookies for raw tracepoints.</exception>
    /// <remarks>Linux 4.17; CAP_PERFMON.</remarks>
    public BpfLink AttachRawTracepoint(string name, ulong cookie = 0) => Watch(RawTracepointAttacher.Attach(ToAttach, name, cookie));

    /// <summary>
    /// Attaches to the target that was settled at the load: a tracepoint with typed arguments (<c>tp_btf</c>), the entry, exit or
    /// return value of a function (<c>fentry</c>, <c>fexit</c>, <c>fmod_ret</c>), or a security hook (<c>lsm</c>).
    /// </summary>
    /// <param name="cookie">What <c>bpf_get_attach_cookie()</c> gives in the program (5.19); 0 for none.</param>
    /// <exception cref="BpfAttachException">The kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no cookies for such programs.</exception>
    /// <remarks>Linux 5.5, LSM and fmod_ret 5.7; CAP_PERFMON, for LSM CAP_SYS_ADMIN.</remarks>
    public BpfLink AttachTracing(ulong cookie = 0) => Watch(TracingAttacher.Attach(ToAttach, TracingTargetName, cookie));

    /// <summary>Attaches a program of <c>fentry.multi</c>, <c>fexit.multi</c> or <c>fsession.multi</c> to all kernel functions that match a pattern, with one link.</summary>
    /// <param name="pattern">Where <c>*</c> stands for any text and <c>?</c> for one character; <c>module:pattern</c> for functions of a module.</param>
    /// <exception cref="BpfAttachException">No function matches that a trampoline can be put at, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no trampolines at many functions.</exception>
    /// <remarks>Newer than Linux 6.19; CAP_PERFMON.</remarks>
    public BpfLink AttachTracingMulti(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return Watch(TracingMultiAttacher.Attach(ToAttach, pattern));
    }

    /// <summary>Attaches a program of <c>fentry.multi</c>, <c>fexit.multi</c> or <c>fsession.multi</c> to some kernel functions, with one link.</summary>
    /// <param name="functions">The functions, by name: of the kernel, or as <c>module:function</c> all of one module.</param>
    /// <param name="cookies">What <c>bpf_get_attach_cookie()</c> gives for each; none for no cookies.</param>
    /// <exception cref="BpfAttachException">There is no such function, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no trampolines at many functions.</exception>
    /// <exception cref="ArgumentException">There is no function, not as many cookies as functions, or functions are of several modules.</exception>
    /// <remarks>Newer than Linux 6.19; CAP_PERFMON.</remarks>
    public BpfLink AttachTracingMulti(IReadOnlyList<string> functions, IReadOnlyList<ulong>? cookies = null)
    {
        ArgumentNullException.ThrowIfNull(functions);
        return Watch(TracingMultiAttacher.Attach(ToAttach, functions, [.. cookies ?? []]));
    }

    private string TracingTargetName =>
        SectionName.Length == 0 ? $"what program '{Name}' was loaded for" : SectionName.Replace('/', ' ');
}
