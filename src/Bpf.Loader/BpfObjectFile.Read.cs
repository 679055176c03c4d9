using System;
using System.IO;
using Bpf.Loader.Elf;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

public sealed partial class BpfObjectFile
{
    private const int MaximumName = 15; // as libbpf cuts it; the kernel's names have 15 bytes

    /// <summary>Reads an object file that clang compiled with <c>-target bpf</c>. No system call but those to read the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How it is understood.</param>
    /// <exception cref="BpfFormatException">The file cannot be read, or is no sound BPF object; the message tells what and where.</exception>
    public static BpfObjectFile Open(string path, BpfOpenOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] image = BpfFile.ReadAllBytes(path);
        return Read(image, Path.GetFileName(path), options);
    }

    /// <summary>Reads an object from memory.</summary>
    /// <param name="image">The bytes of the file; they must not change as long as the result is used.</param>
    /// <param name="name">The name of the file; the object is named by it up to its first dot, unless the options name it.</param>
    /// <param name="options">How it is understood.</param>
    /// <exception cref="BpfFormatException">The bytes are no sound BPF object; the message tells what and where.</exception>
    public static BpfObjectFile Read(ReadOnlyMemory<byte> image, string? name = null, BpfOpenOptions? options = null)
    {
        options ??= BpfOpenOptions.Default;
        ElfFile elf = ElfFile.Read(image);
        ElfSymbolTable symbols = SectionScanner.FindSymbols(elf);
        var context = new ObjectContext(elf, symbols, NameOf(name, options), options);

        SectionScanner.Scan(context);
        FunctionReader.Read(context);
        BtfStage.Read(context);
        ExternReader.Read(context);
        ExternBtf.Rewrite(context);
        DataSectionFixer.Fix(context);
        context.CommitBtf();
        LegacyMapReader.Read(context);
        MapSectionReader.Read(context);
        ArenaReader.Read(context);
        DataMapReader.Read(context);
        StructOpsReader.Read(context);
        GlobalReader.Read(context);
        RelocationReader.ReadCode(context);
        StaticPrograms.Find(context);
        ProgramReader.Read(context);
        RelocationReader.ReadData(context);
        IpRoute2Maps.AddTailCalls(context);
        ProgramReader.SetUp(context);
        return new BpfObjectFile(context);
    }

    private static string NameOf(string? file, BpfOpenOptions options)
    {
        string name = options.ObjectName ?? file ?? "";
        int dot = options.ObjectName is null ? name.IndexOf('.', StringComparison.Ordinal) : -1;
        if (dot >= 0) name = name[..dot];
        return name.Length > MaximumName ? name[..MaximumName] : name;
    }
}
