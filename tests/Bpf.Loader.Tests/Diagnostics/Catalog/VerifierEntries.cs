using System.Collections.Generic;

namespace Bpf.Loader.Tests.Diagnostics.Catalog;

/// <summary>41xx: what verifiers refuse, each with a program of <c>testdata/refused</c> that a kernel refused for it.</summary>
internal static class VerifierEntries
{
    /// <summary>The id, the source and the function in it, and the kernel of which the answer is shown.</summary>
    public static IReadOnlyDictionary<BpfDiagnosticId, (string Source, string Program, string Kernel)> Programs { get; } = new Dictionary<BpfDiagnosticId, (string, string, string)>
    {
        [BpfDiagnosticId.PointerMayBeNull] = ("null", "unchecked", "6.12"),
        [BpfDiagnosticId.NumberUsedAsPointer] = ("number", "current_task", "6.12"),
        [BpfDiagnosticId.IndexOutOfBounds] = ("bounds", "remainder_too_large", "6.12"),
        [BpfDiagnosticId.PacketNotChecked] = ("packet", "beyond_check", "6.12"),
        [BpfDiagnosticId.LoopWithoutEnd] = ("loops", "no_end", "6.12"),
        [BpfDiagnosticId.TooComplex] = ("loops", "too_complex", "6.12"),
        [BpfDiagnosticId.StackTooLarge] = ("stack", "over_calls", "6.12"),
        [BpfDiagnosticId.StackNotWritten] = ("stack", "member", "6.18-without-perfmon"),
        [BpfDiagnosticId.HelperNotForType] = ("helper", "not_for_type", "6.12"),
        [BpfDiagnosticId.HelperNeedsGpl] = ("license", "only_for_gpl", "6.12"),
        [BpfDiagnosticId.HelperMaySleep] = ("helper", "may_sleep", "6.12"),
        [BpfDiagnosticId.ContextMemberRefused] = ("context", "not_readable", "6.12"),
        [BpfDiagnosticId.ContextWritten] = ("context", "written", "6.12"),
        [BpfDiagnosticId.WrongReturnValue] = ("returns", "errno_for_cgroup", "6.12"),
        [BpfDiagnosticId.ReferenceKept] = ("references", "record_kept", "6.12"),
        [BpfDiagnosticId.LockHeld] = ("references", "call_under_lock", "6.12"),
        [BpfDiagnosticId.Misaligned] = ("pointers", "misaligned", "6.12"),
        [BpfDiagnosticId.PointerArithmetic] = ("pointers", "multiplied", "6.12"),
        [BpfDiagnosticId.ReadOnlyMemoryWritten] = ("pointers", "read_only_map", "6.12"),
        [BpfDiagnosticId.KernelObjectRefused] = ("kernel", "variable_offset", "6.12"),
        [BpfDiagnosticId.HelperArgumentRefused] = ("helper", "wrong_map", "6.12"),
        [BpfDiagnosticId.UsedAfterRelease] = ("references", "used_after_submit", "6.12"),
        [BpfDiagnosticId.NoValue] = ("returns", "no_result", "6.12"),
        [BpfDiagnosticId.CallRefused] = ("calls", "recursion", "6.12"),
        [BpfDiagnosticId.FunctionInfoMissing] = ("calls", "callback_result", "5.10"),
    };

    /// <summary>What each means in general, beside what is said of the example.</summary>
    public static IEnumerable<CatalogEntry> All() =>
    [
        new(BpfDiagnosticId.PointerMayBeNull, "", "Look-ups, reservations and many kernel functions give NULL when there is nothing, and the verifier wants to see the question on every way to the use.", "Ask right behind the call, and keep the answer in the same variable."),
        new(BpfDiagnosticId.NumberUsedAsPointer, "", "The verifier knows of each register whether it holds a pointer. Arguments of raw tracepoints, system calls and kprobes are numbers to it, though they are addresses.", "Read through them with bpf_probe_read_kernel() or bpf_probe_read_user(), BPF_CORE_READ(), or use a hook whose arguments have types (tp_btf, fentry)."),
        new(BpfDiagnosticId.IndexOutOfBounds, "", "The verifier follows the smallest and the largest value of each variable. Signed comparisons leave the negative ones open, and the compiler may compare a copy.", "Use unsigned variables, compare right before the access, or mask with a power of two."),
        new(BpfDiagnosticId.PacketNotChecked, "", "A packet may end anywhere; what was compared with data_end may be read, and nothing else. Helpers that change the packet make the comparison void.", "Compare each header before it is read, and again behind helpers that move the packet."),
        new(BpfDiagnosticId.LoopWithoutEnd, "", "Loops are walked through round by round (since 5.3); one whose end depends on a number of the run has no last round.", "Bound it by a constant, or use bpf_loop() (5.17), bpf_for() (6.4), may_goto (6.9)."),
        new(BpfDiagnosticId.TooComplex, "", "A million instructions are looked at, and 8192 ways are kept at once. Branches in a loop double the ways in each round.", "Fewer rounds, bpf_loop(), functions that are not inlined and global (they are verified once), or tail calls."),
        new(BpfDiagnosticId.StackTooLarge, "", "All functions that call each other share 512 bytes; 256 where there are tail calls.", "Put what is large into a per-CPU array of one element."),
        new(BpfDiagnosticId.StackNotWritten, "", "Bytes that nothing wrote would hand out what was on the stack before. Kernels since 6.3 let privileged programs do it; old ones do not.", "Clear keys and records as a whole, padding included, before members are set."),
        new(BpfDiagnosticId.HelperNotForType, "", "Each type of program has its own list of helpers.", "Ask the kernel: `bpf feature probe`."),
        new(BpfDiagnosticId.HelperNeedsGpl, "", "Tracing helpers are for GPL-compatible programs only.", "Declare the license, if the program may be under it."),
        new(BpfDiagnosticId.HelperMaySleep, "", "Most programs run where the kernel must not wait for memory.", "Use a section that ends in `.s`, or a helper that fails instead of waiting."),
        new(BpfDiagnosticId.ContextMemberRefused, "", "Which members of a context a type of programs may read, and how wide, is fixed in the kernel.", "Read members by their names, and as wide as they are declared."),
        new(BpfDiagnosticId.ContextWritten, "", "Few members of a context may be written.", "Use the helper that makes the change."),
        new(BpfDiagnosticId.WrongReturnValue, "", "Each hook takes certain results only.", "Return one of those; errno values are for LSM and fmod_ret."),
        new(BpfDiagnosticId.ReferenceKept, "", "What a program takes it has to give back on every way out, early returns included.", "Give it back before each return."),
        new(BpfDiagnosticId.LockHeld, "", "Under a spin lock nothing is called, and it is given back before the end.", "Compute before, and unlock on every way out."),
        new(BpfDiagnosticId.Misaligned, "", "Atomic operations, the stack and some machines need aligned addresses.", "Order members by size, and do not pack the struct."),
        new(BpfDiagnosticId.PointerArithmetic, "", "To pointers something may be added and subtracted; any other arithmetic makes a number of them that would tell an address.", "Compute with offsets, and add them last."),
        new(BpfDiagnosticId.ReadOnlyMemoryWritten, "", "Constants, frozen maps and maps with BPF_F_RDONLY_PROG cannot be written by programs.", "Make it a variable that is not const, or a map without the flag."),
        new(BpfDiagnosticId.KernelFunctionRefused, "A kernel function that takes a `struct task_struct *`, called with a number.", "Kernel functions take typed pointers that are trusted, and are for some types of programs only.", "Pass a pointer as the kernel gave it, and acquired where it asks for that."),
        new(BpfDiagnosticId.KernelObjectRefused, "", "Kernel memory with a type is read member by member, and hardly ever written.", "Read members by name; write through helpers and kernel functions."),
        new(BpfDiagnosticId.HelperArgumentRefused, "", "Helpers say of each argument what it must be: which kinds of maps, whose memory.", "See the helper's documentation for the argument that is named."),
        new(BpfDiagnosticId.UsedAfterRelease, "", "A record belongs to its reader from bpf_ringbuf_submit() on, an object to the kernel from its release on.", "Do everything before."),
        new(BpfDiagnosticId.NoValue, "", "A register is read that nothing wrote: a function without a return value, or assembler.", "Return something on every way."),
        new(BpfDiagnosticId.CallRefused, "", "Functions do not call themselves, calls go 8 deep, and callbacks and global functions take what their prototype says.", "Make loops of recursion, and inline small functions."),
        new(BpfDiagnosticId.FunctionInfoMissing, "", "Callbacks and global functions need types, which the compiler writes with -g, and which kernels before 5.13 do not take of callbacks.", "Compile with -g, and use callbacks on kernels that have them."),
        new(BpfDiagnosticId.CodeUnreachable, "`for (;;);` before a return, or a function without a return", "The compiler left out what cannot happen, and the rest does not end.", "Let every way end in a return, and see what -Wall says."),
    ];
}
