using System.Collections.Generic;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches to the entry of a kernel function, or to an instruction in it.</summary>
    /// <param name="function">The function, as <c>/proc/kallsyms</c> names it; <c>NAME+OFFSET</c> for an instruction in it.</param>
    /// <param name="options">Offset, which is added, cookie and way; none is the entry.</param>
    /// <exception cref="BpfAttachException">There is no such function (the message names close ones), it cannot be traced, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no kprobes, or lacks what the options ask for.</exception>
    /// <remarks>Linux 4.1; CAP_PERFMON.</remarks>
    public BpfLink AttachKprobe(string function, KprobeOptions? options = null) =>
        Watch(KprobeAttacher.AttachPlace(ToAttach, function, atReturn: false, options ?? new KprobeOptions()));

    /// <summary>Attaches to an address in the kernel's code.</summary>
    /// <param name="address">The address, of an instruction.</param>
    /// <param name="options">Cookie and way; the offset is not used.</param>
    /// <exception cref="BpfAttachException">The kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no kprobes, or lacks what the options ask for.</exception>
    /// <remarks>Linux 4.17; CAP_PERFMON.</remarks>
    public BpfLink AttachKprobe(ulong address, KprobeOptions? options = null) =>
        Watch(KprobeAttacher.Attach(ToAttach, address, atReturn: false, options ?? new KprobeOptions()));

    /// <summary>Attaches to the return of a kernel function.</summary>
    /// <param name="function">The function, as <c>/proc/kallsyms</c> names it.</param>
    /// <param name="options">Cookie and way; a return has no offset.</param>
    /// <exception cref="BpfAttachException">There is no such function (the message names close ones), it cannot be traced, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no kprobes, or lacks what the options ask for.</exception>
    /// <remarks>Linux 4.1; CAP_PERFMON.</remarks>
    public BpfLink AttachKretprobe(string function, KprobeOptions? options = null) =>
        Watch(KprobeAttacher.AttachPlace(ToAttach, function, atReturn: true, options ?? new KprobeOptions()));

    /// <summary>Attaches to the kernel's handler of a system call, whatever this architecture calls it.</summary>
    /// <param name="systemCall">The system call, such as <c>unlinkat</c>.</param>
    /// <param name="atReturn">True for its return.</param>
    /// <param name="options">Cookie and way.</param>
    /// <exception cref="BpfAttachException">There is no such system call, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no kprobes, or lacks what the options ask for.</exception>
    /// <remarks>Linux 4.1; CAP_PERFMON.</remarks>
    public BpfLink AttachKsyscall(string systemCall, bool atReturn = false, KprobeOptions? options = null) =>
        Watch(KprobeAttacher.Attach(ToAttach, SyscallSymbols.Function(systemCall), atReturn, options ?? new KprobeOptions()));

    /// <summary>Attaches to all kernel functions that match a pattern, with one link.</summary>
    /// <param name="pattern">Where <c>*</c> stands for any text and <c>?</c> for one character; without either, one function.</param>
    /// <param name="atReturn">True for their returns; programs of <c>kprobe.session</c> run at both anyway.</param>
    /// <exception cref="BpfAttachException">No function matches, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel cannot probe many functions at once.</exception>
    /// <remarks>Linux 5.18 with CONFIG_FPROBE, sessions 6.10; CAP_PERFMON, and CAP_SYSLOG to see addresses.</remarks>
    public BpfLink AttachKprobeMulti(string pattern, bool atReturn = false) => Watch(KprobeMultiAttacher.AttachPattern(ToAttach, pattern, atReturn));

    /// <summary>Attaches to some kernel functions, with one link.</summary>
    /// <param name="functions">The functions.</param>
    /// <param name="cookies">What <c>bpf_get_attach_cookie()</c> gives for each; none for no cookies.</param>
    /// <param name="atReturn">True for their returns.</param>
    /// <exception cref="BpfAttachException">One of the functions does not exist or cannot be traced, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel cannot probe many functions at once.</exception>
    /// <remarks>Linux 5.18 with CONFIG_FPROBE, sessions 6.10; CAP_PERFMON.</remarks>
    public BpfLink AttachKprobeMulti(IReadOnlyList<string> functions, IReadOnlyList<ulong>? cookies = null, bool atReturn = false) =>
        Watch(KprobeMultiAttacher.Attach(ToAttach, [.. functions], [.. cookies ?? []], atReturn));

    /// <summary>Attaches to some addresses of kernel functions, with one link.</summary>
    /// <param name="addresses">The addresses of the functions' entries.</param>
    /// <param name="cookies">What <c>bpf_get_attach_cookie()</c> gives for each; none for no cookies.</param>
    /// <param name="atReturn">True for the functions' returns.</param>
    /// <exception cref="BpfAttachException">The kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel cannot probe many functions at once.</exception>
    /// <remarks>Linux 5.18 with CONFIG_FPROBE, sessions 6.10; CAP_PERFMON.</remarks>
    public BpfLink AttachKprobeMulti(IReadOnlyList<ulong> addresses, IReadOnlyList<ulong>? cookies = null, bool atReturn = false) =>
        Watch(KprobeMultiAttacher.Attach(ToAttach, [.. addresses], [.. cookies ?? []], atReturn));
}
