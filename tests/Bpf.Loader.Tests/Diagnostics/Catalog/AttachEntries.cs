using System.Collections.Generic;

namespace Bpf.Loader.Tests.Diagnostics.Catalog;

/// <summary>50xx: attaching, and what is attached in vain.</summary>
internal static class AttachEntries
{
    /// <summary>The entries.</summary>
    public static IEnumerable<CatalogEntry> All() =>
    [
        new(BpfDiagnosticId.AttachFailed, "An attachment that the kernel refuses for a reason without an id", "The message names the call and the errno.", "See what the message says to do."),
        new(BpfDiagnosticId.BadAttachTarget, "`SEC(\"tracepoint/sched_switch\")`", "A tracepoint is named by category and name.", "Write `tracepoint/sched/sched_switch`."),
        new(BpfDiagnosticId.NoAutoAttach, "`program.Attach()` of `SEC(\"xdp\")`", "The section does not say which device.", "Call the method of the hook: `AttachXdp(\"eth0\")`."),
        new(BpfDiagnosticId.NoSuchTracepoint, "`SEC(\"tracepoint/sched/sched_swich\")`", "This kernel has no such tracepoint.", "See the names that look like it, in the message; /sys/kernel/tracing/available_events has all."),
        new(BpfDiagnosticId.NoSuchKernelFunction, "`SEC(\"kprobe/tcp_conect\")`", "This kernel has no such function of its own.", "See the names in the message; the function may be inlined or in a module."),
        new(BpfDiagnosticId.NotTraceable, "`SEC(\"kprobe/__sysvec_apic_timer_interrupt\")`", "The kernel keeps probes away from some functions (NOKPROBE_SYMBOL, notrace).", "Probe one that it calls, or that calls it."),
        new(BpfDiagnosticId.NoSuchBinary, "`SEC(\"uprobe/libnot.so:function\")`", "No such file is where libraries and programs are looked for.", "Give its path, or a process that uses it."),
        new(BpfDiagnosticId.BadBinary, "`AttachUprobe(\"/etc/passwd\", ...)`", "The file is no ELF file.", "Give the executable or library itself."),
        new(BpfDiagnosticId.NoSuchSymbol, "`SEC(\"uprobe/libc.so.6:mallok\")`", "The file has no such function.", "`bpf list functions libc.so.6` lists them; of a stripped file, give offsets."),
        new(BpfDiagnosticId.AmbiguousFunction, "A function of which a library has two versions", "Which one is meant is not said.", "Write NAME@VERSION, or the offset."),
        new(BpfDiagnosticId.NoSuchUsdtProbe, "`SEC(\"usdt/python3:python:function_entri\")`", "The file has no such probe.", "`bpf list usdt FILE` lists them."),
        new(BpfDiagnosticId.BadUsdtNote, "A USDT probe whose note is cut off", "The file is damaged, or was made by a tool that writes the notes differently.", "Build it again."),
        new(BpfDiagnosticId.AttachNotPermitted, "A kprobe without CAP_PERFMON", "The process may not.", "Give it the capabilities that the message names: docs/run-unprivileged.md."),
        new(BpfDiagnosticId.NoTraceFs, "A container without /sys/kernel/tracing", "Tracepoints are found there.", "Mount it: `mount -t tracefs tracefs /sys/kernel/tracing`."),
        new(BpfDiagnosticId.NoMatch, "`SEC(\"kprobe.multi/nothing_like_it*\")`", "No function matches.", "Try the pattern: `grep -c PATTERN /sys/kernel/tracing/available_filter_functions`."),
        new(BpfDiagnosticId.NoSuchInterface, "`AttachXdp(\"eth7\")`", "There is no such device in this network namespace.", "`ip link` lists them."),
        new(BpfDiagnosticId.AlreadyAttached, "A second XDP program by netlink", "There is place for one.", "Detach the other, or replace it."),
        new(BpfDiagnosticId.NotACgroup, "`AttachCgroup(\"/tmp\")`", "Programs are attached to directories of cgroup version 2.", "Give one below /sys/fs/cgroup."),
        new(BpfDiagnosticId.NoUsdtSpecs, "A USDT program without usdt.bpf.h", "Its arguments are described in a map of that header.", "`#include <bpf/usdt.bpf.h>`"),
        new(BpfDiagnosticId.NotProbeable, "A uprobe at an offset in the data of a file", "No code is run there.", "Offsets are those in the file, of code."),
        new(BpfDiagnosticId.ReplacedBinary, "A probe in a library that was updated while the process runs", "The process runs the file of before, which cannot be reached.", "Start the process again, or give CAP_CHECKPOINT_RESTORE."),
        new(BpfDiagnosticId.ForeignBinary, "A uprobe in an arm64 binary on x86-64", "Its code does not run here.", "Give the binary of this machine."),
        new(BpfDiagnosticId.BinaryChanged, "A package manager that replaces the file while it is attached to", "The kernel was told another file than was read.", "Attach again."),
        new(BpfDiagnosticId.NotTakenBack, "An attachment that failed halfway, and whose first half could not be undone", "Something may still be attached.", "The message names it; remove it as an administrator."),
        new(BpfDiagnosticId.UsdtArgumentUnreadable, "A USDT argument in a register that this machine's kernel does not tell", "bpf_usdt_arg() gives an error for it.", "Use another argument."),
        new(BpfDiagnosticId.ProgramPassedOver, "`AttachAll()` of an object with `SEC(\"xdp\")`", "The section does not say where.", "Attach it yourself, by the method that the warning names."),
        new(BpfDiagnosticId.NothingAttached, "`AttachAll()` that attached nothing", "Nothing will ever run.", "See the warnings beside it."),
        new(BpfDiagnosticId.LinkCollected, "`program.AttachXdp(\"eth0\");` without keeping the result", "The garbage collector ends what nobody holds.", "Keep it: `using BpfLink link = program.AttachXdp(\"eth0\");`"),
        new(BpfDiagnosticId.BufferWithoutWriter, "`OpenRingBuffer()` of a map whose program is not loaded", "Nothing will ever come out of it.", "Load the program that writes to it."),
        new(BpfDiagnosticId.NotDetached, "`link.Dispose()` by a process that gave up CAP_NET_ADMIN after attaching a filter of traffic control.", "The kernel refused to detach, so that what was attached is still there.", "Keep the capability until the link is disposed of, or remove it as an administrator: `bpf net list`, `tc filter del`."),
    ];
}
