using System.Collections.Generic;
using Bpf.Loader.Links;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches to the entry of a function in a program or library, or to an instruction in it.</summary>
    /// <param name="binary">A path; a name such as <c>libssl.so.3</c> or <c>bash</c>, which is looked for; or <c>ARCHIVE!/ENTRY</c>.</param>
    /// <param name="function">The function, of the dynamic or the static symbol table; <c>NAME@VERSION</c> for a certain version, <c>NAME+OFFSET</c> for an instruction in it.</param>
    /// <param name="options">Offset, which is added, process, cookie and way; none is the entry in all processes.</param>
    /// <exception cref="BpfAttachException">There is no such binary or function (the message names close ones), or the kernel refused.</exception>
    /// <exception cref="BpfFormatException">The binary is damaged.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no uprobes, or lacks what the options ask for.</exception>
    /// <remarks>Linux 4.3; CAP_PERFMON.</remarks>
    public BpfLink AttachUprobe(string binary, string function, UprobeOptions? options = null) =>
        Watch(UprobeAttacher.AttachPlace(ToAttach, binary, function, atReturn: false, options ?? new UprobeOptions()));

    /// <summary>Attaches to an instruction of a program or library.</summary>
    /// <param name="binary">A path, or a name that is looked for.</param>
    /// <param name="offset">The instruction's offset in the file.</param>
    /// <param name="options">Process, cookie and way; the offset is not used.</param>
    /// <exception cref="BpfAttachException">There is no such binary, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no uprobes, or lacks what the options ask for.</exception>
    /// <remarks>Linux 4.3; CAP_PERFMON.</remarks>
    public BpfLink AttachUprobe(string binary, ulong offset, UprobeOptions? options = null) =>
        Watch(UprobeAttacher.Attach(ToAttach, binary, offset, atReturn: false, options ?? new UprobeOptions()));

    /// <summary>Attaches to the return of a function in a program or library.</summary>
    /// <param name="binary">A path, or a name that is looked for.</param>
    /// <param name="function">The function, of the dynamic or the static symbol table.</param>
    /// <param name="options">Process, cookie and way; none is all processes.</param>
    /// <exception cref="BpfAttachException">There is no such binary or function (the message names close ones), or the kernel refused.</exception>
    /// <exception cref="BpfFormatException">The binary is damaged.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no uprobes, or lacks what the options ask for.</exception>
    /// <remarks>Linux 4.3; CAP_PERFMON.</remarks>
    public BpfLink AttachUretprobe(string binary, string function, UprobeOptions? options = null) =>
        Watch(UprobeAttacher.AttachPlace(ToAttach, binary, function, atReturn: true, options ?? new UprobeOptions()));

    /// <summary>Attaches to the return of a function at an offset in a program or library.</summary>
    /// <param name="binary">A path, or a name that is looked for.</param>
    /// <param name="offset">The offset of the function's entry in the file.</param>
    /// <param name="options">Process, cookie and way; the offset is not used.</param>
    /// <exception cref="BpfAttachException">There is no such binary, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no uprobes, or lacks what the options ask for.</exception>
    /// <remarks>Linux 4.3; CAP_PERFMON.</remarks>
    public BpfLink AttachUretprobe(string binary, ulong offset, UprobeOptions? options = null) =>
        Watch(UprobeAttacher.Attach(ToAttach, binary, offset, atReturn: true, options ?? new UprobeOptions()));

    /// <summary>Attaches to all functions of a program or library that match a pattern, with one link.</summary>
    /// <param name="binary">A path, or a name that is looked for.</param>
    /// <param name="pattern">Where <c>*</c> stands for any text and <c>?</c> for one character.</param>
    /// <param name="options">Process and returns; none is the entry in all processes.</param>
    /// <exception cref="BpfAttachException">There is no such binary, no function matches, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel cannot probe many user functions at once.</exception>
    /// <remarks>Linux 6.6, sessions 6.13; CAP_PERFMON.</remarks>
    public BpfLink AttachUprobeMulti(string binary, string pattern, UprobeMultiOptions? options = null) =>
        Watch(UprobeMultiAttacher.AttachPattern(ToAttach, binary, pattern, options ?? new UprobeMultiOptions()));

    /// <summary>Attaches to some functions of a program or library, with one link.</summary>
    /// <param name="binary">A path, or a name that is looked for.</param>
    /// <param name="functions">The functions; <c>NAME+OFFSET</c> for instructions in them.</param>
    /// <param name="options">Process, returns, cookies and counters, in the order of the functions.</param>
    /// <exception cref="BpfAttachException">There is no such binary or function, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel cannot probe many user functions at once.</exception>
    /// <remarks>Linux 6.6, sessions 6.13; CAP_PERFMON.</remarks>
    public BpfLink AttachUprobeMulti(string binary, IReadOnlyList<string> functions, UprobeMultiOptions? options = null) =>
        Watch(UprobeMultiAttacher.Attach(ToAttach, binary, functions, options ?? new UprobeMultiOptions()));

    /// <summary>Attaches to some offsets in a program or library, with one link.</summary>
    /// <param name="binary">A path, or a name that is looked for.</param>
    /// <param name="offsets">The offsets in the file.</param>
    /// <param name="options">Process, returns, cookies and counters, in the order of the offsets.</param>
    /// <exception cref="BpfAttachException">There is no such binary, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel cannot probe many user functions at once.</exception>
    /// <remarks>Linux 6.6, sessions 6.13; CAP_PERFMON.</remarks>
    public BpfLink AttachUprobeMulti(string binary, IReadOnlyList<ulong> offsets, UprobeMultiOptions? options = null) =>
        Watch(UprobeMultiAttacher.Attach(ToAttach, binary, [.. offsets], options ?? new UprobeMultiOptions()));
}
