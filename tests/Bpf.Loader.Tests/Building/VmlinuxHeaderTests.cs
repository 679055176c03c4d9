using System;
using System.Collections.Generic;
using System.IO;
using Bpf.Loader.Btf;
using Bpf.Loader.Tests.Tool;
using Bpf.Tool.Headers;
using Xunit;

namespace Bpf.Loader.Tests.Building;

public class VmlinuxHeaderTests
{
    [Fact]
    public void Only_what_is_used_is_in_the_header()
    {
        BtfReader btf = Types();
        string header = VmlinuxHeader.Write(btf, new HashSet<string> { "task", "parent", "mm" });
        // task is named, mm is reached by its name, and what mm holds by value comes with it.
        Assert.Contains("struct task {", header, StringComparison.Ordinal);
        Assert.Contains("struct memory {", header, StringComparison.Ordinal);
        Assert.Contains("struct inside {", header, StringComparison.Ordinal);
        // The struct behind a pointer whose member nobody names is declared and no more.
        Assert.DoesNotContain("struct unused {", header, StringComparison.Ordinal);
        Assert.Contains("struct unused;", header, StringComparison.Ordinal);
        Assert.DoesNotContain("struct stranger", header, StringComparison.Ordinal);
        Assert.True(header.Length < VmlinuxHeader.Write(btf, null).Length);
    }

    [Fact]
    public void An_enum_comes_by_the_name_of_a_constant() =>
        Assert.Contains("COLOR_RED", VmlinuxHeader.Write(Types(), new HashSet<string> { "COLOR_RED" }), StringComparison.Ordinal);

    [Fact]
    public void Words_come_from_a_source_and_the_headers_beside_it()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("own.h"), "struct from_header *x;");
        string source = folder.PathOf("a.bpf.c");
        File.WriteAllText(source, "#include \"vmlinux.h\"\n  #  include \"own.h\"\n#include \"missing.h\"\n#include <deep/other.h>\nstruct task___old *t; int BPF_KPROBE(f) { return t->pid; }");
        Directory.CreateDirectory(folder.PathOf("include/deep"));
        File.WriteAllText(folder.PathOf("include/deep/other.h"), "enum from_folder y;");
        HashSet<string> words = SourceWords.Of([source], [folder.PathOf("include")]);
        Assert.Superset(new HashSet<string> { "from_header", "from_folder", "task", "pid", "pt_regs" }, words);
        Assert.Superset(new HashSet<string> { "exec_event", "filename" }, SourceWords.Of([TestData.PathOf("execsnoop.bpf.o")], []));
    }

    private static BtfReader Types()
    {
        var btf = new BtfBuilder();
        BtfTypeId number = btf.AddInt("int", 4, BtfIntEncoding.Signed);
        BtfTypeId inside = btf.AddStruct("inside", 4);
        btf.AddMember("value", number, 0);
        BtfTypeId memory = btf.AddStruct("memory", 4);
        btf.AddMember("held", inside, 0);
        BtfTypeId unused = btf.AddStruct("unused", 4);
        btf.AddMember("value", number, 0);
        btf.AddStruct("stranger", 4);
        btf.AddMember("value", number, 0);
        btf.AddEnum("color");
        btf.AddEnumerator("COLOR_RED", 1);
        BtfTypeId toMemory = btf.AddPointer(memory), toUnused = btf.AddPointer(unused);
        btf.AddStruct("task", 16);
        btf.AddMember("mm", toMemory, 0);
        btf.AddMember("other", toUnused, 64);
        return btf.ToReader();
    }
}
