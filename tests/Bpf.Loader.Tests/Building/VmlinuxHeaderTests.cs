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

    // Enums without a name have nothing but constants to be asked for by; one in the body of a struct is there already.
    [Fact]
    public void An_enum_without_a_name_comes_by_the_name_of_a_constant()
    {
        var btf = new BtfBuilder();
        btf.AddEnum("");
        btf.AddEnumerator("false", 0);
        btf.AddEnumerator("true", 1);
        btf.AddEnum("");
        btf.AddEnumerator("OTHER", 7);
        BtfTypeId inside = btf.AddEnum("");
        btf.AddEnumerator("INSIDE", 3);
        btf.AddStruct("holder", 4);
        btf.AddMember("kind", inside, 0);
        BtfReader types = btf.ToReader();
        string header = VmlinuxHeader.Write(types, new HashSet<string> { "true", "INSIDE", "holder" });
        Assert.Contains("enum {\n\tfalse = 0,\n\ttrue = 1,\n};", header, StringComparison.Ordinal);
        Assert.DoesNotContain("OTHER", header, StringComparison.Ordinal);
        Assert.Single(System.Text.RegularExpressions.Regex.Matches(header, "INSIDE"));
        Assert.Contains("INSIDE = 3", VmlinuxHeader.Write(types, new HashSet<string> { "INSIDE" }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_may_be_asked_for_beside_the_sources()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.PathOf("a.bpf.c"), "int x;");
        File.WriteAllBytes(folder.PathOf("types"), Builder().ToArray());
        string[] arguments = ["gen", "vmlinux", "--btf", folder.PathOf("types"), "--for", folder.PathOf("a.bpf.c")];
        Assert.DoesNotContain("struct stranger", BpfTool.Run(arguments).Output, StringComparison.Ordinal);
        Assert.Contains("struct stranger {", BpfTool.Run([.. arguments, "--type", "stranger"]).Output, StringComparison.Ordinal);
    }

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

    private static BtfReader Types() => Builder().ToReader();

    private static BtfBuilder Builder()
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
        return btf;
    }
}
