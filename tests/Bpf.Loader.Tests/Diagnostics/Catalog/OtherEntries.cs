using System.Collections.Generic;

namespace Bpf.Loader.Tests.Diagnostics.Catalog;

/// <summary>6xxx to 8xxx: programs in the machine of tests, mistakes in the use of the library, and builds.</summary>
internal static class OtherEntries
{
    /// <summary>The entries.</summary>
    public static IEnumerable<CatalogEntry> All() =>
    [
        new(BpfDiagnosticId.OutOfBounds, "`return data[100];` of a packet of 64 bytes", "The verifier would have refused it.", "Compare with data_end before."),
        new(BpfDiagnosticId.UseAfterRelease, "A record that is written after bpf_ringbuf_submit(), or never submitted", "It belongs to the reader then.", "Write before; submit or discard on every way out."),
        new(BpfDiagnosticId.NullPointer, "`return value->more;` of a look-up that found nothing", "The key is not in the map.", "Ask before: `if (!value) return 0;`"),
        new(BpfDiagnosticId.BadPointer, "`*(volatile u32 *)0x123456789abcULL`", "It is a number, or memory that only bpf_probe_read_user() reaches.", "Use a pointer that a helper or the context gave."),
        new(BpfDiagnosticId.UninitialisedStack, "`u64 number[2]; return number[1];`", "Nothing was written there.", "Give the variable a value where it is declared."),
        new(BpfDiagnosticId.ReadOnlyMemory, "`*(volatile u64 *)&constant = 8;`", "Constants, and most of a context, may only be read.", "Make it a variable without `const`."),
        new(BpfDiagnosticId.InstructionBudget, "`for (;;);`", "The program ran for all instructions that it was given.", "Let it end, or raise InstructionBudget."),
        new(BpfDiagnosticId.TooManyFrames, "A function that calls itself", "The kernel has 8 frames.", "Make a loop of it."),
        new(BpfDiagnosticId.HelperNotSupplied, "`bpf_fib_lookup()` in a test", "The machine does not have it.", "`machine.Helpers[\"bpf_fib_lookup\"] = call => 0;`"),
        new(BpfDiagnosticId.KernelFunctionNotSupplied, "`bpf_task_from_vpid()` in a test", "The machine does not have it.", "`machine.KernelFunctions[\"bpf_task_from_vpid\"] = call => 0;`"),
        new(BpfDiagnosticId.BadInstruction, "An instruction of a newer instruction set than the kernel knows", "The kernel would refuse it.", "Compile with an older `-mcpu`."),
        new(BpfDiagnosticId.BadHelperArgument, "A map of another type than the helper takes", "The kernel would refuse it.", "See what the message says of the argument."),
        new(BpfDiagnosticId.LockMisused, "bpf_spin_lock() twice", "A program holds one lock, and gives it back.", "Unlock before the second, and on every way out."),
        new(BpfDiagnosticId.SuppliedBodyThrew, "`machine.Helpers[\"bpf_fib_lookup\"] = call => throw new InvalidOperationException();`", "What a test supplies runs in the middle of the program.", "See the inner exception: it is the test's."),
        new(BpfDiagnosticId.LinkDropped, "`bpf.Programs[\"probe\"].Attach();`", "The link is the attachment: when the garbage collector finds it, the program is detached.", "`using BpfLink link = ...;` for as long as it shall run; or `Disconnect()` or `Pin()` it."),
        new(BpfDiagnosticId.NotDisposed, "`var bpf = file.Load();`", "It holds maps and programs until the garbage collector finds it, which may be too early or too late.", "`using BpfObject bpf = file.Load();`"),
        new(BpfDiagnosticId.ChangedAfterLoad, "`file.Load(); file.Maps[\"events\"].MaxEntries = 4096;`", "The load took a copy of the description, and what is changed later changes nothing that runs.", "Change it before `Load()`, or use what `Load()` returned."),
        new(BpfDiagnosticId.NotAttached, "`using Probe probe = Probe.Open().Load();` and nothing more", "A loaded program runs when it is attached, and not before.", "`using var links = probe.AttachAll();`"),
        new(BpfDiagnosticId.NotGenerated, "`bpf gen skeleton probe.bpf.o --type nothing`", "The object has no such type, or the file cannot be written.", "See what the message says."),
        new(BpfDiagnosticId.ClangNotFound, "`<BpfCompile>` on a machine without clang", "Sources are compiled by it.", "`apt install clang`, or name it by the property BpfClang."),
        new(BpfDiagnosticId.ClangTooOld, "clang 9", "BTF and CO-RE need a newer one.", "Install a newer one, and name it by the property BpfClang."),
        new(BpfDiagnosticId.ClangWarning, "A variable that nothing uses", "It is what clang says.", "See clang's text."),
        new(BpfDiagnosticId.ClangError, "A missing semicolon", "It is what clang says.", "See clang's text."),
        new(BpfDiagnosticId.HeaderNotFound, "`#include \"vmlinux.h\"` without BpfVmlinux", "The header has to be made, or installed.", "See what the message says for that header."),
        new(BpfDiagnosticId.ArchitectureUnknown, "A build for a runtime identifier of a machine that BPF's headers do not name", "The macros for registers and system calls depend on it.", "Set the property BpfArchitecture."),
        new(BpfDiagnosticId.BuildStepFailed, "A build whose command ended and said nothing", "It was killed, or could not be started.", "Run the build again with `-v:normal` and see its output."),
        new(BpfDiagnosticId.NotChecked, "`<BpfTargetBtf>` whose file cannot be read", "The object was not checked.", "Give a file of BTF."),
        new(BpfDiagnosticId.NotTaken, "`<BpfKernelBtf>` whose file holds no BTF", "The agent would find no types on that kernel.", "See the message above it; give raw BTF, or an image of the kernel that holds it."),
    ];
}
