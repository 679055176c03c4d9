using System.Collections.Generic;

namespace Bpf.Loader.Tests.Diagnostics.Catalog;

/// <summary>1000 to 1119: files that are no objects for BPF, or damaged ones.</summary>
internal static class ElfEntries
{
    /// <summary>The entries.</summary>
    public static IEnumerable<CatalogEntry> All() =>
    [
        new(BpfDiagnosticId.Malformed, "An ELF file whose byte order is none.", "The file is damaged, or was made by a tool that writes what no compiler does.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.NotElf, "`bpf inspect notes.txt`", "Another file was given: a source, a text, LLVM bitcode, an empty file.", "Give the object that clang made: `clang -g -O2 -target bpf -c probe.bpf.c -o probe.bpf.o`."),
        new(BpfDiagnosticId.Not64Bit, "An ELF file of a 32-bit machine.", "BPF objects are 64-bit ELF files.", "Compile with `-target bpf`."),
        new(BpfDiagnosticId.NotBpf, "`bpf inspect /bin/ls`", "The file is an executable, or an object for another machine.", "Compile with `-target bpf`, and give the object, not what was linked of it."),
        new(BpfDiagnosticId.Truncated, "The first 4000 bytes of an object.", "A copy or a download ended early.", "Copy it again, or compile it again."),
        new(BpfDiagnosticId.BadSection, "The table of sections names a table of names that is not there.", "The file is damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.BadString, "The name of a symbol begins behind the end of the table of names.", "The file is damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.BadSymbol, "A symbol lies in a section that the file does not have.", "The file is damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.BadRelocation, "A section of relocations whose size is no multiple of a record's.", "The file is damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.Unreadable, "`BpfObjectFile.Open(\"missing.bpf.o\")`", "There is no such file, or the process may not read it.", "Give its path; objects of `<BpfCompile>` are embedded, and are opened by their class."),
        new(BpfDiagnosticId.Bitcode, "`clang -emit-llvm -c probe.bpf.c`", "It is what clang compiles from, before code is made of it.", "Leave `-emit-llvm` away, or go on with `llc -march=bpf -filetype=obj`."),
        new(BpfDiagnosticId.SourceText, "`bpf verify probe.bpf.c`", "The source was given in place of what is compiled from it.", "`bpf compile probe.bpf.c`, and give probe.bpf.o."),
        new(BpfDiagnosticId.GitPointer, "A repository that was cloned without git-lfs.", "The file stands for one that was not fetched.", "`git lfs pull`, or `git annex get FILE`."),
        new(BpfDiagnosticId.Archive, "`bpf verify objects.a`", "An archive holds objects.", "Take the object out of it."),
        new(BpfDiagnosticId.CompressedFile, "`bpf verify probe.bpf.o.gz`", "The object is compressed.", "Unpack it."),
        new(BpfDiagnosticId.WebPage, "A download that ended on a page of the server.", "The address was not that of the file.", "Download the file itself."),
        new(BpfDiagnosticId.ForeignFormat, "`bpf verify program.exe`", "The file is of another system.", "Compile with `-target bpf`."),
        new(BpfDiagnosticId.RawBtf, "`bpf verify /sys/kernel/btf/vmlinux`", "It holds types, and no programs.", "Give it as `--btf`, and the object as the file."),
        new(BpfDiagnosticId.SeveralSymbolTables, "An object with two symbol tables.", "The file is damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.NoSymbolTable, "`llvm-strip probe.bpf.o`", "Without symbols nobody knows where functions and maps are.", "Strip nothing but debug information: `llvm-strip -g`."),
        new(BpfDiagnosticId.EmptyLicense, "`char LICENSE[0] SEC(\"license\");`", "The kernel is told a license, and there is none.", "Write it: `char LICENSE[] SEC(\"license\") = \"GPL\";`"),
        new(BpfDiagnosticId.BadVersion, "`char version[2] SEC(\"version\");`", "The section is a number of 4 bytes, which old kernels asked of kprobes.", "Remove it, or write `__u32 version SEC(\"version\") = LINUX_VERSION_CODE;`"),
        new(BpfDiagnosticId.BadBtfSection, "A section `.BTF` of type SHT_NOTE.", "The file is damaged, or another tool uses the name.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.BadRelocationTarget, "Relocations of a section 99, which does not exist.", "The file is damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.FunctionCrossesSection, "A function of two instructions in a section that has one.", "The file is damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.BadFunction, "A function without instructions: in C, one whose body the compiler found to be unreachable.", "What the function does has no defined meaning, so that the compiler left all of it out.", "Look at what clang warns of with -Wall: a loop without an end, a null pointer that is used, a missing return."),
        new(BpfDiagnosticId.FunctionsOverlap, "A function that begins inside of another.", "The file is damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.BtfNeeded, "`clang -O2 -target bpf -c probe.bpf.c` (without -g)", "Maps in `.maps` and externs are described by BTF, which clang writes with -g only.", "Compile with `clang -g`; strip with `llvm-strip -g` afterwards, which leaves the BTF there."),
        new(BpfDiagnosticId.Excessive, "A file of 1 MB that describes 1 GB.", "The file is made to do harm, or damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
        new(BpfDiagnosticId.InstructionCut, "A function that ends in the middle of a 64-bit load.", "The file is damaged.", "Compile it again from its source; a file that was copied or unpacked may be damaged."),
    ];
}
