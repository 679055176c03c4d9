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

    private string TracingTargetName =>
        SectionName.Length == 0 ? $"what program '{Name}' was loaded for" : SectionName.Replace('/', ' ');
}
