using System;
using System.IO;
using System.IO.Compression;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Kernel;
using Bpf.Loader.Tests.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Kernel;

public sealed class UnloadedModulesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modules").FullName;
    private readonly string _loaded = Directory.CreateTempSubdirectory("loaded").FullName;
    private readonly BtfReader _kernel = Kernel();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Directory.Delete(_loaded, recursive: true);
    }

    [Fact]
    public void The_module_that_has_a_type_or_function_is_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "modules are Linux's");
        Write("net/nf-conn.ko", "nf_conn", "nf_conn_get");
        Write("fs/other.ko", "other", "other_get");
        Assert.Equal("The module 'nf_conn' has it, and is not loaded: modprobe nf_conn.", Explain("nf_conn", BtfKind.Struct));
        Assert.Equal("The module 'nf_conn' has it, and is not loaded: modprobe nf_conn.", Explain("nf_conn_get", BtfKind.Function));
        Assert.Equal($"None of the 2 modules in {_folder} that are not loaded has it.", Explain("nf_conn", BtfKind.Function));
        Assert.Equal($"None of the 2 modules in {_folder} that are not loaded has it.", Explain("nf_con", BtfKind.Struct));
    }

    [Fact]
    public void Only_what_was_looked_at_is_told()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "modules are Linux's");
        Assert.Null(Explain("nf_conn", BtfKind.Struct));
        File.WriteAllText(Path.Combine(_folder, "packed.ko.xz"), "x");
        Depmod();
        Assert.Equal($"Whether a module has it that is not loaded is not known: the 1 in {_folder} are compressed.", Explain("nf_conn", BtfKind.Struct));
        File.WriteAllText(Path.Combine(_folder, "damaged.ko"), "no ELF file");
        Write("nf_conn.ko", "nf_conn", "nf_conn_get");
        Directory.CreateDirectory(Path.Combine(_loaded, "nf_conn"));
        Depmod();
        Assert.Equal($"None of the 1 modules in {_folder} that are not loaded has it. 1 more are compressed, and were not looked into.", Explain("nf_conn", BtfKind.Struct));
    }

    [Fact]
    public void Thousands_of_files_are_read_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "modules are Linux's");
        Write("nf_conn.ko", "nf_conn", "nf_conn_get");
        Write("other.ko", "other", "other_get");
        string none = $"None of the 2 modules in {_folder} that are not loaded has it.";
        Assert.Equal(none, Explain("first", BtfKind.Struct));
        File.Delete(Path.Combine(_folder, "other.ko"));
        Assert.Equal(none, Explain("second", BtfKind.Struct));
        // What a module may have is looked up in the files, as they are.
        Assert.Equal("The module 'nf_conn' has it, and is not loaded: modprobe nf_conn.", Explain("nf_conn", BtfKind.Struct));

        Write("new.ko", "second", "second_get");
        Depmod();
        Assert.Equal("The module 'new' has it, and is not loaded: modprobe new.", Explain("second", BtfKind.Struct));
    }

    // Its list is as old as the last installation of a module.
    private void Depmod()
    {
        string list = Path.Combine(_folder, "modules.dep");
        DateTime last = File.GetLastWriteTimeUtc(list);
        File.WriteAllText(list, "");
        File.SetLastWriteTimeUtc(list, last.AddSeconds(2));
    }

    [Fact]
    public void Modules_that_are_packed_are_read_by_gzip_and_else_known_by_what_they_export()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "modules are Linux's");
        Write("nf_conn.ko", "nf_conn", "nf_conn_get");
        using (FileStream packed = File.Create(Path.Combine(_folder, "nf_conn.ko.gz")))
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(File.ReadAllBytes(Path.Combine(_folder, "nf_conn.ko")));
        File.Delete(Path.Combine(_folder, "nf_conn.ko"));
        File.WriteAllText(Path.Combine(_folder, "damaged.ko.gz"), "no gzip");
        Assert.Equal("The module 'nf_conn' has it, and is not loaded: modprobe nf_conn.", Explain("nf_conn_get", BtfKind.Function));

        File.WriteAllText(Path.Combine(_folder, "nf-nat.ko.xz"), "x");
        File.WriteAllText(Path.Combine(_folder, "modules.symbols"), "# Aliases for symbols, used by symbol_request().\nalias symbol:nf_nat_setup nf-nat\nalias symbol:nf_nat_setup_info nf_other\n");
        Assert.Equal("The module 'nf_nat' exports it, and is not loaded: modprobe nf_nat.", Explain("nf_nat_setup", BtfKind.Function));
        Directory.CreateDirectory(Path.Combine(_loaded, "nf_nat"));
        Assert.StartsWith("None of the 2 modules", Explain("nf_nat_setup", BtfKind.Function), StringComparison.Ordinal);
    }

    private string? Explain(string name, BtfKind kind) => OperatingSystem.IsLinux() ? UnloadedModules.Explain(name, kind, _folder, _loaded, () => _kernel) : null;

    private void Write(string path, string type, string function)
    {
        BtfBuilder types = BtfBuilder.SplitOn(_kernel);
        var word = new BtfTypeId(1);
        types.AddStruct(type, 4);
        types.AddMember("mark", word, 0);
        types.AddFunction(function, BtfLinkage.Static, types.AddFunctionPrototype(word));
        var module = new ObjectBuilder { Machine = ElfMachine.X64 };
        module.AddData(".BTF", types.ToArray());
        path = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, module.Image);
    }

    private static BtfReader Kernel()
    {
        var kernel = new BtfBuilder();
        kernel.AddInt("int", 4, BtfIntEncoding.Signed);
        return kernel.ToReader();
    }
}
