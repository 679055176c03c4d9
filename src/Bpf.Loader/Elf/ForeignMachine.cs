using System.Globalization;

namespace Bpf.Loader.Elf;

/// <summary>Says what an ELF file is that is no object for BPF.</summary>
internal static class ForeignMachine
{
    private const uint Interpreter = 3; // PT_INTERP, which a library has not

    /// <summary>The refusal of such a file.</summary>
    public static BpfFormatException Refuse(ElfFile elf)
    {
        bool isBpf = elf.Machine is ElfMachine.Bpf or ElfMachine.None;
        string kind = Kind(elf);
        string what = $"The file is {kind} for {Name(elf.Machine)}, where an object for BPF is wanted (ELF type {(int)elf.Type}, machine {(int)elf.Machine}).";
        string cure = kind == "a kernel" ? "Give it as types (--btf), and an object beside it."
            : isBpf ? "Link objects for BPF with 'bpf gen object', or with ld -r: what is loaded stays an object."
            : kind == "a relocatable object" ? "Compile it with clang -target bpf -c: without -target, clang compiles for the machine that it runs on, and gcc always does."
            : kind == "a kernel module" ? "A module is loaded by modprobe; an object is compiled with clang -target bpf -c."
            : "Give the .bpf.o that was compiled with clang -target bpf -c; a program that has one built in does not take its place.";
        return new BpfFormatException(what, null, 16, BpfDiagnosticId.NotBpf, cure);
    }

    /// <summary>The machine as people call it.</summary>
    public static string Name(ElfMachine machine) => (int)machine switch
    {
        0 => "no machine",
        2 => "SPARC",
        3 => "x86",
        8 => "MIPS",
        20 => "PowerPC",
        21 => "ppc64",
        22 => "s390",
        40 => "ARM",
        43 => "SPARC64",
        50 => "IA-64",
        62 => "x86-64",
        183 => "arm64",
        190 => "CUDA",
        243 => "RISC-V",
        247 => "BPF",
        258 => "LoongArch",
        int number => string.Create(CultureInfo.InvariantCulture, $"machine {number}"),
    };

    private static string Kind(ElfFile elf)
    {
        if (elf.Sections.TryFind(".gnu.linkonce.this_module"u8, out _)) return "a kernel module";
        if (elf.Type != ElfFileType.Relocatable && (elf.Sections.TryFind("__ksymtab"u8, out _) || elf.Sections.TryFind(".BTF"u8, out _))) return "a kernel";
        switch ((int)elf.Type)
        {
            case 1: return "a relocatable object";
            case 2: return "an executable";
            case 3:
                foreach (ElfProgramHeader header in elf.ProgramHeaders)
                {
                    if (header.Type == Interpreter) return "an executable";
                }

                return "a shared library";
            case 4: return "a core dump";
            default: return "an ELF file of an unknown type";
        }
    }
}
