using System.Collections.Generic;

namespace Bpf.Loader.Tests.Diagnostics.Catalog;

/// <summary>2xxx and 3xxx: BTF and CO-RE.</summary>
internal static class TypeEntries
{
    /// <summary>The entries.</summary>
    public static IEnumerable<CatalogEntry> All() =>
    [
        new(BpfDiagnosticId.BadBtfHeader, "`bpf btf dump file notes.txt`", "It is no BTF, or BTF of another version.", "Give /sys/kernel/btf/vmlinux, an object, or a file of `bpftool btf dump ... format raw`."),
        new(BpfDiagnosticId.BadBtfStrings, "BTF whose strings do not end.", "The file is damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.BadBtfType, "BTF that ends in the middle of a type, or has a kind that this library does not know.", "The file is damaged, or newer than this library.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.BadBtfReference, "A pointer to type 99 in BTF of 10 types", "The file is damaged; of a module, the BTF of another kernel was given with it.", "Give the BTF of the kernel that the module belongs to."),
        new(BpfDiagnosticId.NoBtfSize, "`extern struct unknown x __kconfig;`", "The type is only declared.", "Define it, or include the header that does."),
        new(BpfDiagnosticId.BadBtfExt, "A section `.BTF.ext` that ends in the middle of a record", "The file is damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.BtfExcessive, "Types that refer to each other in a million ways", "They are made to do harm.", "Find out where the file comes from."),
        new(BpfDiagnosticId.BadCoReRecord, "A CO-RE record of half an instruction", "The file is damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.BadCoRePath, "A record that names the seventh member of a struct of two", "The object's BTF was changed after it was compiled.", "Compile it again."),
        new(BpfDiagnosticId.UnknownCoReKind, "A record of kind 99", "clang is newer than this library.", "Update the library."),
        new(BpfDiagnosticId.AnonymousCoReType, "`bpf_core_type_exists(struct { int x; })`", "A type without a name cannot be looked for.", "Give it the name that the kernel has for it."),
        new(BpfDiagnosticId.AmbiguousCoRe, "`BPF_CORE_READ(ws, level)` of struct workspace, of which the kernel has two", "Both fit, and give different answers.", "Ask for a member that only one of them has, in a flavor of the type: `struct workspace___zstd { ... };`"),
        new(BpfDiagnosticId.CoReTooDeep, "A hundred structs, each in the next", "The types are made to do harm, or generated.", "Declare the members that are read, and no more."),
        new(BpfDiagnosticId.NoCoReValue, "`bpf_core_type_size()` of a type that the kernel only declares", "It has no size there.", "Ask with bpf_core_type_exists() before."),
        new(BpfDiagnosticId.CoReInstructionDiffers, "An instruction that was changed after it was compiled", "The object and its `.BTF.ext` do not belong together.", "Compile it again."),
        new(BpfDiagnosticId.BadCoReInstruction, "A record of a jump", "CO-RE changes numbers, loads and stores.", "It was made by a tool that writes what no compiler does. Compile it again by clang, and tell us if clang made it."),
        new(BpfDiagnosticId.CoReValueTooLarge, "A member at offset 40000, read by an instruction with a 16-bit offset", "The struct is larger than the instruction can say.", "Read it with BPF_CORE_READ(), which computes the address."),
        new(BpfDiagnosticId.BadCoReWidth, "A member of 4 bytes that has 16 on the target", "No instruction loads so many.", "Read it with bpf_core_read() into a buffer."),
        new(BpfDiagnosticId.CoReTargetMissing, "`struct task_struct___old { long state; } __attribute__((preserve_access_index));` on Linux 5.14 and later", "The member was renamed or removed, or is not configured.", "Ask before: `if (bpf_core_field_exists(old->state))`, and read what the other kernels have in the other branch."),
        new(BpfDiagnosticId.CoReWidthDiffers, "`int` in the object, `long` in the kernel, read directly", "The load would take half of it.", "Read it with BPF_CORE_READ() into a type that is as wide, or declare it as the kernel has it."),
    ];
}
