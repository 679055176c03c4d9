using System;
using System.Text;

namespace Bpf.Loader.Elf;

/// <summary>Says what a file is that was taken for an object, or for the types of a kernel, and what to do instead.</summary>
internal static class ForeignFile
{
    private const string Compile = "Compile it first: clang -g -O2 -target bpf -c FILE.bpf.c -o FILE.bpf.o, 'bpf compile', or <BpfCompile Include=\"FILE.bpf.c\" /> in the project.";
    private const int MostText = 40;

    /// <summary>The refusal of a file that is no ELF file.</summary>
    /// <param name="file">Its bytes.</param>
    /// <param name="isTypes">Whether the types of a kernel were wanted, and not an object.</param>
    public static BpfFormatException Refuse(ReadOnlySpan<byte> file, bool isTypes = false)
    {
        FileFormat format = FileFormats.Recognize(file);
        (BpfDiagnosticId id, string what, string? cure) = Describe(format, file);
        string wanted = isTypes ? "raw BTF or an ELF file with a section .BTF" : "an object that clang compiled with -target bpf";
        cure = isTypes ? CureOfTypes(format, cure) : cure;
        return new BpfFormatException($"{what}, where {wanted} is wanted.", null, 0, id, cure ?? $"Give {wanted}.");
    }

    private static (BpfDiagnosticId Id, string What, string? Cure) Describe(FileFormat format, ReadOnlySpan<byte> file) => format switch
    {
        FileFormat.Empty => (BpfDiagnosticId.NotElf, "The file is empty", "What should have written it failed, or has not written it yet: compile or copy it again."),
        FileFormat.Zeros => (BpfDiagnosticId.NotElf, "The file holds nothing but zeros", "A copy of it broke off, or the disk lost it: compile or copy it again."),
        FileFormat.Bitcode => (BpfDiagnosticId.Bitcode, "The file is LLVM bitcode", "Compile without -emit-llvm and -flto, or go on from there: llc -march=bpf -filetype=obj FILE.bc -o FILE.bpf.o."),
        FileFormat.CSource => (BpfDiagnosticId.SourceText, "The file is C source", Compile),
        FileFormat.AssemblerSource => (BpfDiagnosticId.SourceText, "The file is the source of an assembler", "Compile with -c and without -S, or go on from there: clang -target bpf -c FILE.s -o FILE.bpf.o."),
        FileFormat.GitPointer => (BpfDiagnosticId.GitPointer, "The file is a pointer of git-lfs, in place of the file itself", "Fetch the file: git lfs pull (git annex get); a build server must check out with it."),
        FileFormat.Archive => file.Length > 20 && file[8..].StartsWith("debian-binary"u8)
            ? (BpfDiagnosticId.Archive, "The file is a Debian package", "Unpack it (dpkg -x), and give an object of it.")
            : (BpfDiagnosticId.Archive, "The file is an archive of objects (ar)", "Take the objects out (ar x), and give one of them; 'bpf gen object' links several."),
        FileFormat.FileArchive => (BpfDiagnosticId.Archive, $"The file is an archive ({FileFormats.Packer(file)})", $"Unpack it ({(FileFormats.Packer(file) is "tar" ? "tar -xf" : FileFormats.Packer(file) is "zip" ? "unzip" : FileFormats.Packer(file))}), and give an object of it."),
        FileFormat.Compressed => (BpfDiagnosticId.CompressedFile, $"The file is compressed ({FileFormats.Packer(file)})", $"Unpack it first: {FileFormats.Packer(file)} -d."),
        FileFormat.WebPage => (BpfDiagnosticId.WebPage, "The file is the page of a web server, mostly the one that says that there is no such file", "Download it again, from the address of the file itself; curl -f fails where this was saved."),
        FileFormat.Script => (BpfDiagnosticId.NotElf, $"The file is a script ({FirstLine(file)})", null),
        FileFormat.Text => (BpfDiagnosticId.NotElf, $"The file is text (\"{FirstLine(file)}\")", null),
        FileFormat.MachO => (BpfDiagnosticId.ForeignFormat, "The file is of macOS (Mach-O), or a Java class", "Compile it for BPF: clang -target bpf; without it, clang compiles for the machine that it runs on."),
        FileFormat.WindowsExecutable => (BpfDiagnosticId.ForeignFormat, "The file is a program or library of Windows (PE)", "A .NET assembly is none either: give the .bpf.o that is beside it or inside of it."),
        FileFormat.WindowsObject => (BpfDiagnosticId.ForeignFormat, "The file is an object of Windows (COFF)", "Compile it for BPF: clang -target bpf; without it, clang compiles for the machine that it runs on."),
        FileFormat.WebAssembly => (BpfDiagnosticId.ForeignFormat, "The file is a WebAssembly module", "Compile it for BPF: clang -target bpf."),
        FileFormat.KernelImage => (BpfDiagnosticId.ForeignFormat, "The file is a compressed kernel (bzImage)", "Unpack it with the kernel's scripts/extract-vmlinux, and give the result as types (--btf)."),
        FileFormat.RawBtf => (BpfDiagnosticId.RawBtf, "The file is raw BTF: types, and no programs", "Give it as types (--btf), and an object beside it; 'bpf btf dump' prints it."),
        _ => (BpfDiagnosticId.NotElf, "This is not an ELF file: it does not begin with 7f 45 4c 46", null),
    };

    // For whom an object is of no use, it is none to compile either.
    private static string? CureOfTypes(FileFormat format, string? cure) => format switch
    {
        FileFormat.CSource => "A header is made of types, and not the other way: give /sys/kernel/btf/vmlinux of that kernel, or its vmlinux.",
        FileFormat.FileArchive or FileFormat.Archive => "Unpack it, and give the .btf in it.",
        FileFormat.Compressed => $"{cure} Of btfhub's archives, tar -xf gives the .btf.",
        FileFormat.Bitcode or FileFormat.AssemblerSource or FileFormat.MachO or FileFormat.WindowsObject or FileFormat.WebAssembly => null,
        _ => cure,
    };

    private static string FirstLine(ReadOnlySpan<byte> file)
    {
        string text = Encoding.UTF8.GetString(file[..Math.Min(file.Length, 512)]).Trim();
        int end = text.AsSpan().IndexOfAny('\r', '\n');
        if (end >= 0) text = text[..end];
        return BpfText.Printable(text.Length > MostText ? text[..MostText] + "..." : text);
    }
}
