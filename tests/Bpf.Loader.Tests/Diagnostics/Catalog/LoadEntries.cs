using System.Collections.Generic;

namespace Bpf.Loader.Tests.Diagnostics.Catalog;

/// <summary>40xx: loading.</summary>
internal static class LoadEntries
{
    /// <summary>The entries.</summary>
    public static IEnumerable<CatalogEntry> All() =>
    [
        new(BpfDiagnosticId.KernelRefused, "bpf(2), answered with an errno that has no id of its own", "The message names the call, its object and the errno.", "See what the message says to do."),
        new(BpfDiagnosticId.BadKernelConfigValue, "`extern char CONFIG_HZ __kconfig;` on a kernel with CONFIG_HZ=1000", "The value does not fit the declared type.", "Declare a type that holds it."),
        new(BpfDiagnosticId.IncompatibleExtern, "`extern int bpf_task_from_pid(int) __ksym;`", "The kernel's function returns a struct task_struct *.", "Correct the declaration: `bpf gen vmlinux` has it right."),
        new(BpfDiagnosticId.AmbiguousSymbol, "`extern const void name __ksym;` of a static name that several files of the kernel have", "Which address is meant is not said.", "Give the extern its type, or use another symbol."),
        new(BpfDiagnosticId.MapBtfRefused, "A hash whose key has a type that this kernel's BTF check does not take", "The map works, without types for bpftool and dumps.", "Nothing, unless spin locks, timers or kptrs are in it."),
        new(BpfDiagnosticId.BtfRefused, "An object of a newer clang on an old kernel, which knows a kind of types less", "It is loaded without lines of C and types.", "Nothing, unless global functions, fentry or struct_ops need them."),
        new(BpfDiagnosticId.MapMismatch, "A pinned map with keys of 8 bytes, where the object's have 4", "The map that is there is of another program, or of an older version of it.", "Remove the pin, or give the map another path."),
        new(BpfDiagnosticId.StructOpsMismatch, "`struct tcp_congestion_ops` with a member that this kernel does not have", "The kernel's structure is another.", "Leave the member unset, or use a flavor of the type for older kernels."),
        new(BpfDiagnosticId.ForeignByteOrder, "An object of `-target bpfeb` on x86-64", "Its instructions are for machines of the other byte order.", "Compile with `-target bpf` or `-target bpfel`."),
        new(BpfDiagnosticId.NoProgramType, "`SEC(\"kprob/tcp_connect\")`, loaded", "The type does not follow from the section.", "Correct the name, or set `Type` before the load."),
        new(BpfDiagnosticId.NoAttachTarget, "`SEC(\"fentry/no_such_function\")`", "The verifier needs the function's type, and this kernel has no such function.", "Look in /proc/kallsyms: it may be inlined, renamed (`.isra.0`), or in a module that is not loaded."),
        new(BpfDiagnosticId.MapNotBound, "A map of constants that could not be bound to its program", "It may be freed before the program is.", "Nothing: the object holds both."),
        new(BpfDiagnosticId.FeatureLeftOut, "Global variables on a kernel before 5.2", "The kernel has no such maps.", "Programs that read them are refused; make them constants of C."),
        new(BpfDiagnosticId.FeatureUnknown, "A process without CAP_BPF that loads with a token", "The kernel may not be asked, so its version tells.", "Give the process the capabilities that are named, where that is wrong."),
        new(BpfDiagnosticId.MissingExtern, "`bpf_task_from_pidd(1)`, declared `__ksym`", "The kernel has no such function.", "Correct the name; or declare it `__weak` and ask `if (bpf_ksym_exists(...))` before the call."),
        new(BpfDiagnosticId.MissingHelper, "A helper of a newer kernel", "This kernel's list of helpers ends before it.", "Ask before the call, with bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_...)."),
        new(BpfDiagnosticId.NotPermitted, "`dotnet run` as a user without capabilities", "Loading needs CAP_BPF, and by type CAP_PERFMON or CAP_NET_ADMIN.", "Give the process those that the message names: docs/run-unprivileged.md."),
        new(BpfDiagnosticId.ProgramRefused, "A refusal of a verifier that is newer than this library", "No rule knows its words.", "They stand at the end of the message; `--verbose` shows the whole log."),
        new(BpfDiagnosticId.MapRefused, "`__uint(max_entries, 0)` of a hash", "The kernel does not make such a map.", "The message says which field it is about."),
        new(BpfDiagnosticId.MapContentsRefused, "A program of another type in a program array", "What the map is to hold at the beginning does not fit it.", "Correct the initial values."),
        new(BpfDiagnosticId.PinRefused, "`map.Pin(\"/tmp/counts\")`", "Pins live in a bpf file system.", "Pin below /sys/fs/bpf, or mount one: `BpfFileSystem.Mount()`, or `mount -t bpf bpf /run/my-bpf`."),
        new(BpfDiagnosticId.NoToken, "`TokenPath = \"/tmp\"`", "Tokens come from a bpf file system that delegates.", "Mount one with delegate_cmds=, delegate_maps=, delegate_progs=, delegate_attachs=."),
        new(BpfDiagnosticId.NoKernelTypes, "CO-RE on a kernel without CONFIG_DEBUG_INFO_BTF", "There is nothing to relocate against.", "Give the kernel's types: `TargetBtf`, or `--btf`; btfhub has them for many distributions."),
        new(BpfDiagnosticId.NoKernelSymbols, "`extern const void init_task __ksym;` without CAP_SYSLOG", "The kernel hides the addresses.", "Give CAP_SYSLOG, and set kernel.kptr_restrict to 1 or 0."),
        new(BpfDiagnosticId.NoKernelConfig, "`extern int CONFIG_HZ __kconfig;` where there is neither /proc/config.gz nor /boot/config-*", "The configuration cannot be read.", "Declare it `__weak`, so that it is 0 then."),
        new(BpfDiagnosticId.NotSupported, "A ring buffer on Linux 5.4", "This kernel lacks a feature that the request needs.", "The message names the first kernel that has it."),
        new(BpfDiagnosticId.SystemFileUnreadable, "A container that hides /proc/self", "A file of the kernel's is needed and cannot be read.", "Mount it there."),
        new(BpfDiagnosticId.BadPinPath, "`map.Pin(\"/sys/fs/bpf/counts.v1\")`", "Names in a bpf file system have no dots.", "Write `counts_v1`."),
        new(BpfDiagnosticId.BadPinName, "A map named `up/../map` that is pinned by its name", "The path would lead elsewhere.", "Rename the map, or set PinPath."),
        new(BpfDiagnosticId.PinnedOtherKind, "`BpfMap.OpenPinned` of a path where a program is", "A pin is a map, a program or a link.", "Open it as what it is, or give another path."),
        new(BpfDiagnosticId.ContentsKept, "A pinned map with initial values, at the second load", "The map was there before, and what lives is not touched.", "Remove the pin to start anew."),
        new(BpfDiagnosticId.OtherConstants, "A pinned `.rodata` that another version of the program made", "Its constants are those of then.", "Do not pin constants, or remove the pin."),
        new(BpfDiagnosticId.OtherTypes, "A pinned map whose value has the same size and other members", "Two programs read the same bytes differently.", "Bring the types together, or give the map another path."),
        new(BpfDiagnosticId.BtfNamesCleaned, "An object of Rust, with names such as `Option<u32>`", "The kernel takes names of C only.", "Nothing: programs and maps keep their types."),
        new(BpfDiagnosticId.NothingLoaded, "An object of functions without `SEC()`", "None of them is a program.", "Write `SEC(\"...\")` before those that are."),
        new(BpfDiagnosticId.LayoutMismatch, "`map.As<uint, Stat>()` with `struct Stat { uint Calls; ulong Bytes; }`, where C has `struct stat { u64 calls, bytes; }`", "Bytes mean what their place says: fields would hold what belongs to others. It is looked at once, where the type is used first. Of a ring buffer the C type is known where the object says it, by a variable `struct event *MAP_event;`.", "Declare the fields in the order and with the sizes of C, or use the structure of the generated class."),
        new(BpfDiagnosticId.NotLight, "`bpf gen skeleton --light` of an object with struct_ops maps, an arena, pinned maps or jump tables", "A program in the kernel loads it, which cannot do all that the library does.", "Load the object in the usual way, or leave out what the message names: docs/light.md has the list."),
        new(BpfDiagnosticId.SignatureRefused, "A class of `--sign`, loaded where its certificate is in no ring of keys", "The kernel checks the signature of the loader program, and the loader its data (Linux 6.18).", "Add the certificate to a ring (`keyctl padd asymmetric \"\" @s < certificate.der`), name the ring in `BpfLightLoadOptions.Keyring`, and sign anew what was changed."),
        new(BpfDiagnosticId.MapNotCreated, "`file.Maps[\"events\"].AutoCreate = false`, and a program that uses it", "The program refers to a map that does not exist.", "Create it, or let no program that is loaded use it."),
    ];
}
