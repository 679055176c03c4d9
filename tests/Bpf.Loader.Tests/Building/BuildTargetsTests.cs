using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Relocation;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.Tests.Building;

/// <summary>The targets of the build package in a project of their own, by what MSBuild makes and says. No C# is compiled.</summary>
public sealed class BuildTargetsTests : IDisposable
{
    private const string Good = "int number = 7;\nchar terms[] __attribute__((section(\"license\"), used)) = \"GPL\";\n__attribute__((section(\"syscall\"), used)) int run(void *ctx) { return number; }\n";

    private readonly TemporaryFolder _folder = new();

    public BuildTargetsTests()
    {
        string build = Path.Combine(TestData.Repository, "src", "Bpf.Loader.Build", "build");
        File.WriteAllText(_folder.PathOf("probe.proj"), $"""
            <Project>
              <PropertyGroup>
                <EnableDefaultItems>true</EnableDefaultItems>
                <IntermediateOutputPath>obj/</IntermediateOutputPath>
                <RootNamespace>Probe</RootNamespace>
                <BpfArchitecture>x86</BpfArchitecture>
                <BpfToolPath>{Path.ChangeExtension(BpfTool.Path, "dll")}</BpfToolPath>
              </PropertyGroup>
              <Import Project="{build}/Bpf.Loader.Build.props" />
              <Import Project="{build}/Bpf.Loader.Build.targets" />
              <Target Name="Build" DependsOnTargets="BpfAddGenerated;$(CustomCollectWatchItems)">
                <Message Importance="high" Text="compiles: @(Compile)" />
                <Message Importance="high" Text="embeds: @(EmbeddedResource->'%(LogicalName)')" />
                <Message Importance="high" Text="watches: @(Watch->'%(FullPath)')" />
              </Target>
            </Project>
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_made_is_made_anew_only_when_something_changed()
    {
        SkipWithoutClang();
        File.WriteAllText(_folder.PathOf("first.bpf.c"), "#include \"own.h\"\n" + Good);
        File.WriteAllText(_folder.PathOf("own.h"), "// nothing");
        Directory.CreateDirectory(_folder.PathOf("sub"));
        File.WriteAllText(_folder.PathOf("sub/second.bpf.c"), Good);
        string output = Build(expectedExitCode: 0);
        Assert.Contains("compiles: obj/bpf/first.bpf.g.cs;obj/bpf/sub/second.bpf.g.cs", output, StringComparison.Ordinal);
        Assert.Contains("embeds: first.bpf.o;sub.second.bpf.o", output, StringComparison.Ordinal);
        Assert.Contains("namespace Probe;", File.ReadAllText(_folder.PathOf("obj/bpf/first.bpf.g.cs")), StringComparison.Ordinal);
        Dictionary<string, DateTime> before = Times();

        // What dotnet watch looks at, since the compiler has told what the sources include.
        output = Build(expectedExitCode: 0);
        Assert.Equal(before, Times());
        string[] watched = output.Split('\n').Single(line => line.Contains("watches: ", StringComparison.Ordinal)).Split(": ")[1].Trim().Split(';');
        Assert.Equal(new[] { "first.bpf.c", "own.h", "sub/second.bpf.c" }.Select(_folder.PathOf), watched.Distinct().Order(StringComparer.Ordinal));

        // A header makes anew what includes it, and nothing else.
        File.SetLastWriteTimeUtc(_folder.PathOf("own.h"), DateTime.UtcNow.AddSeconds(1));
        Build(expectedExitCode: 0);
        string[] changed = [.. Times().Where(file => before[file.Key] != file.Value).Select(file => Path.GetFileName(file.Key)).Order(StringComparer.Ordinal)];
        Assert.Equal(["first.bpf.d", "first.bpf.g.cs", "first.bpf.o", "shared.stamp"], changed);
    }

    [Fact]
    public void Of_kernels_the_types_that_the_objects_ask_for_are_embedded()
    {
        File.Copy(TestData.PathOf("core_offset.bpf.o"), _folder.PathOf("core_offset.bpf.o"));
        Directory.CreateDirectory(_folder.PathOf("kernels"));
        File.Copy(TestData.PathOf("btf/moved.bpf.o"), _folder.PathOf("kernels/vmlinux-5.4.0-91-generic"));
        File.Copy(TestData.PathOf("btf/moved.bpf.o"), _folder.PathOf("kernels/4.18.0-348.el8.btf"));
        AddItems("""
            <BpfObject Include="core_offset.bpf.o" />
            <BpfKernelBtf Include="kernels/vmlinux-5.4.0-91-generic" Machine="x86_64" />
            <BpfKernelBtf Include="kernels/4.18.0-348.el8.btf" />
            """);
        string output = Build(expectedExitCode: 0);
        Assert.Contains("bpf-kernels/x86_64/5.4.0-91-generic.btf;bpf-kernels/4.18.0-348.el8.btf", output, StringComparison.Ordinal);
        Assert.Contains("EmbeddedBtf = ", File.ReadAllText(_folder.PathOf("obj/bpf/core_offset.bpf.g.cs")), StringComparison.Ordinal);

        // They are enough to relocate against, and made anew only when something changed.
        byte[] types = File.ReadAllBytes(_folder.PathOf("obj/bpf/kernels/x86_64/5.4.0-91-generic.btf"));
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf("core_offset.bpf.o"));
        BtfReader all = BpfObjectFile.Open(TestData.PathOf("btf/moved.bpf.o")).Btf!;
        Assert.Equal(Code(file, all), Code(file, BtfReader.Read(types)));
        Dictionary<string, DateTime> before = Times();
        Build(expectedExitCode: 0);
        Assert.Equal(before, Times());

        File.WriteAllText(_folder.PathOf("kernels/4.18.0-348.el8.btf"), "no types");
        Assert.Contains("BPF8023", Build(expectedExitCode: 1), StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_of_the_types_that_are_used_is_made_anew_when_others_are_used()
    {
        SkipWithoutClang();
        string header = _folder.PathOf("obj/bpf/include/vmlinux.h"), source = _folder.PathOf("first.bpf.c");
        string[] used = ["-p:BpfVmlinux=used", $"-p:BpfVmlinuxBtf={TestData.PathOf("execsnoop.bpf.o")}"];
        File.WriteAllText(source, "#include \"vmlinux.h\"\n" + Good);
        Assert.DoesNotContain("warning", Build(expectedExitCode: 0, used), StringComparison.Ordinal); // of a header without structs
        Assert.DoesNotContain("exec_event", File.ReadAllText(header), StringComparison.Ordinal);
        Dictionary<string, DateTime> before = Times();
        Build(expectedExitCode: 0, used);
        Assert.Equal(before, Times());

        File.AppendAllText(source, "struct exec_event *event;\n");
        Build(expectedExitCode: 0, used);
        Assert.Contains("struct exec_event {", File.ReadAllText(header), StringComparison.Ordinal);
    }

    // A name that a macro puts together is no word of the source: whoever needs it asks for it, in the header as in the class.
    [Fact]
    public void A_header_of_the_types_that_are_used_has_those_that_are_asked_for()
    {
        SkipWithoutClang();
        string[] used = ["-p:BpfVmlinux=used", $"-p:BpfVmlinuxBtf={TestData.PathOf("execsnoop.bpf.o")}"];
        File.WriteAllText(_folder.PathOf("first.bpf.c"), "#include \"vmlinux.h\"\n#define EVENT(name) struct name##_event\n" + Good + "EVENT(exec) last;\n");
        Assert.Contains("'struct exec_event' that is never completed", Build(expectedExitCode: 1, used), StringComparison.Ordinal);

        string project = _folder.PathOf("probe.proj");
        File.WriteAllText(project, File.ReadAllText(project).Replace(
            "<Target Name=\"Build\"", "<ItemGroup><BpfCompile Update=\"first.bpf.c\" Types=\"exec_event\" /></ItemGroup>\n<Target Name=\"Build\"", StringComparison.Ordinal));
        Build(expectedExitCode: 0, used);
        Assert.Contains("struct exec_event {", File.ReadAllText(_folder.PathOf("obj/bpf/include/vmlinux.h")), StringComparison.Ordinal);
        Assert.Contains("struct ExecEvent", File.ReadAllText(_folder.PathOf("obj/bpf/first.bpf.g.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_several_objects_have_is_one_type()
    {
        SkipWithoutClang();
        const string Event = "struct inner { int a; };\nstruct event { int pid; char name[8]; struct inner in; } last;\nenum verdict { VERDICT_PASS, VERDICT_DROP };\n";
        File.WriteAllText(_folder.PathOf("event.h"), "#include <bpf/bpf_records.h>\n" + Event + "__keep_type(enum verdict);\n");
        File.WriteAllText(_folder.PathOf("first.bpf.c"), "#include \"event.h\"\nstruct own { int a; } own;\n" + Good);
        File.WriteAllText(_folder.PathOf("second.bpf.c"), "#include \"event.h\"\nstruct own { long b; } own;\n" + Good);
        AddItems("""<BpfCompile Update="first.bpf.c;second.bpf.c" Types="verdict;inner" />""");
        string output = Build(expectedExitCode: 0);
        Assert.Contains("compiles: obj/bpf/first.bpf.g.cs;obj/bpf/second.bpf.g.cs;obj/bpf/shared.g.cs", output, StringComparison.Ordinal);
        Assert.Equal(["Probe|Event", "Probe|Inner", "Probe|Text8", "Probe|Verdict"], File.ReadAllLines(_folder.PathOf("obj/bpf/shared.txt")));
        string shared = File.ReadAllText(_folder.PathOf("obj/bpf/shared.g.cs")), second = File.ReadAllText(_folder.PathOf("obj/bpf/second.bpf.g.cs"));
        Assert.Contains("public struct Event :", shared, StringComparison.Ordinal);
        Assert.Contains("public enum Verdict :", shared, StringComparison.Ordinal);
        Assert.Contains("// Not shared, for the objects mean different things by it: Own.", shared, StringComparison.Ordinal);
        Assert.DoesNotContain("struct Event", second, StringComparison.Ordinal);
        Assert.Contains("public struct Own :", second, StringComparison.Ordinal);

        // One of them begins to differ: then each has its own again, and the other class is made anew too.
        File.WriteAllText(_folder.PathOf("second.bpf.c"), Event.Replace("int pid", "long pid", StringComparison.Ordinal) + "#include <bpf/bpf_records.h>\n__keep_type(enum verdict);\n" + Good);
        File.SetLastWriteTimeUtc(_folder.PathOf("second.bpf.c"), DateTime.UtcNow.AddSeconds(1));
        Build(expectedExitCode: 0);
        Assert.DoesNotContain("Probe|Event", File.ReadAllLines(_folder.PathOf("obj/bpf/shared.txt")));
        foreach (string name in new[] { "first", "second" })
            Assert.Contains("public struct Event :", File.ReadAllText(_folder.PathOf($"obj/bpf/{name}.bpf.g.cs")), StringComparison.Ordinal);

        Assert.DoesNotContain("shared.g.cs", Build(expectedExitCode: 0, "-p:BpfSharedTypes=false"), StringComparison.Ordinal);
        Assert.Contains("public struct Inner :", File.ReadAllText(_folder.PathOf("obj/bpf/second.bpf.g.cs")), StringComparison.Ordinal);
    }

    [Fact]
    public void Editors_are_told_how_sources_are_compiled()
    {
        SkipWithoutClang();
        string database = _folder.PathOf("obj/bpf/compile_commands.json"), config = _folder.PathOf(".clangd");
        File.WriteAllText(_folder.PathOf("first.bpf.c"), "#include <bpf/bpf_helpers.h>\n" + Good);
        File.WriteAllText(_folder.PathOf("wrong.bpf.c"), Good + "int other = nowhere;\n");
        Build(expectedExitCode: 1, "-p:BpfDefines=DEPTH=3");
        // Also of what does not compile yet.
        Assert.Equal(["first.bpf.c", "wrong.bpf.c"], Sources());
        Assert.Contains("\"-DDEPTH=3\"", File.ReadAllText(database), StringComparison.Ordinal);
        Assert.EndsWith("CompileFlags:\n  CompilationDatabase: obj/bpf\n", File.ReadAllText(config).ReplaceLineEndings("\n"), StringComparison.Ordinal);

        File.Delete(_folder.PathOf("wrong.bpf.c"));
        File.SetLastWriteTimeUtc(_folder.PathOf("first.bpf.c"), DateTime.UtcNow.AddSeconds(1));
        Build(expectedExitCode: 0, "-p:BpfDefines=DEPTH=3");
        Assert.Equal(["first.bpf.c"], Sources());

        // The same says nothing new, and what is not the build's stays.
        (DateTime, DateTime) before = (File.GetLastWriteTimeUtc(database), File.GetLastWriteTimeUtc(config));
        File.SetLastWriteTimeUtc(_folder.PathOf("first.bpf.c"), DateTime.UtcNow.AddSeconds(2));
        Build(expectedExitCode: 0, "-p:BpfDefines=DEPTH=3");
        Assert.Equal(before, (File.GetLastWriteTimeUtc(database), File.GetLastWriteTimeUtc(config)));
        File.WriteAllText(config, "Diagnostics:\n  UnusedIncludes: Strict\n");
        Build(expectedExitCode: 0);
        Assert.Equal("Diagnostics:\n  UnusedIncludes: Strict\n", File.ReadAllText(config));

        File.Delete(config);
        Directory.Delete(_folder.PathOf("obj"), recursive: true);
        Build(expectedExitCode: 0, "-p:BpfCompileCommands=false");
        Assert.False(File.Exists(config) || File.Exists(database));

        string[] Sources()
        {
            using var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(database));
            return [.. json.RootElement.EnumerateArray().Select(entry => Path.GetFileName(entry.GetProperty("file").GetString()!))];
        }
    }

    [Fact]
    public void Clangd_finds_nothing_wrong_with_a_source_that_compiles()
    {
        SkipWithoutClang();
        string? clangd = new[] { "clangd-19", "clangd" }.Select(name => Path.Combine("/usr/bin", name)).FirstOrDefault(File.Exists);
        Assert.SkipUnless(clangd is not null, "needs clangd");
        File.WriteAllText(_folder.PathOf("first.bpf.c"), "#include \"own.h\"\n" + Good);
        Directory.CreateDirectory(_folder.PathOf("include"));
        File.WriteAllText(_folder.PathOf("include/own.h"), "#include <bpf/bpf_records.h>\n#ifndef DEPTH\n#error no depth\n#endif\nstruct address { unsigned int v4 __ipv4; };\n__keep_type(struct address);\n");
        Build(expectedExitCode: 0, "-p:BpfDefines=DEPTH=3", "-p:BpfIncludeDirectories=include");
        (int exitCode, string said) = Check();
        Assert.True(exitCode == 0, said);
        File.Delete(_folder.PathOf(".clangd"));
        Assert.NotEqual(0, Check().ExitCode); // or else it would find nothing whatever we told it

        (int ExitCode, string Said) Check()
        {
            using Process process = Process.Start(new ProcessStartInfo(clangd, ["--check=" + _folder.PathOf("first.bpf.c"), "--enable-config"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            string text = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, text);
        }
    }

    [Fact]
    public void Errors_of_C_have_their_line()
    {
        SkipWithoutClang();
        File.WriteAllText(_folder.PathOf("wrong.bpf.c"), Good + "int other = nowhere;\n");
        string output = Build(expectedExitCode: 1);
        // That is all: who is told the line need not be told that it did not go well.
        Assert.Contains($"{_folder.PathOf("wrong.bpf.c")}(4,13): error BPF8013: ", output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n'), line => line.Contains(": error ", StringComparison.Ordinal));
        Assert.False(File.Exists(_folder.PathOf("obj/bpf/wrong.bpf.g.cs")));
    }

    [Fact]
    public void A_compiler_that_is_missing_is_told_how_to_be_had()
    {
        File.WriteAllText(_folder.PathOf("first.bpf.c"), Good);
        string output = Build(expectedExitCode: 1, "-p:BpfClang=/no/such/clang");
        Assert.Contains("error BPF8010: The compiler '/no/such/clang'", output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n'), line => line.Contains(": error ", StringComparison.Ordinal));
    }

    [Fact]
    public void Objects_need_no_compiler_and_are_checked_against_kernels()
    {
        File.Copy(TestData.PathOf("core_enum.bpf.o"), _folder.PathOf("core_enum.bpf.o"));
        File.Copy(TestData.PathOf("btf/changed.bpf.o"), _folder.PathOf("old.btf"));
        AddItems("""<BpfObject Include="core_enum.bpf.o" Class="Colors" /><BpfTargetBtf Include="*.btf" />""");
        string output = Build(expectedExitCode: 0, "-p:BpfClang=/no/such/clang");
        Assert.Matches(@"core_enum\.bpf\.c\(\d+,\d+\): warning BPF3020: old\.btf: ", output);
        Assert.Contains("class Colors", File.ReadAllText(_folder.PathOf("obj/bpf/core_enum.bpf.g.cs")), StringComparison.Ordinal);

        // Editors load a project without building; what was built is there.
        Assert.Contains("compiles: obj/bpf/core_enum.bpf.g.cs", Build(expectedExitCode: 0, "-p:DesignTimeBuild=true"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_light_class_holds_its_object_and_nothing_is_embedded_for_it()
    {
        File.Copy(TestData.PathOf("data_globals.bpf.o"), _folder.PathOf("light.bpf.o"));
        File.Copy(TestData.PathOf("maps_simple.bpf.o"), _folder.PathOf("usual.bpf.o"));
        File.Copy(TestData.PathOf("hook_freplace.bpf.o"), _folder.PathOf("none.bpf.o"));
        AddItems("""<BpfObject Include="light.bpf.o" Light="true" /><BpfObject Include="usual.bpf.o" />""");
        string output = Build(expectedExitCode: 0);
        Assert.Contains("compiles: obj/bpf/light.bpf.g.cs;obj/bpf/usual.bpf.g.cs", output, StringComparison.Ordinal);
        Assert.Contains("embeds: usual.bpf.o\n", output, StringComparison.Ordinal);
        Assert.Contains("BpfLightFile.Read(Image, Signature, SignatureWithData)", File.ReadAllText(_folder.PathOf("obj/bpf/light.bpf.g.cs")), StringComparison.Ordinal);

        // What cannot be is an error of the build, with its reason.
        AddItems("""<BpfObject Include="none.bpf.o" Light="true" />""");
        Assert.Matches(@"none\.bpf\.o : error BPF4053: The program 'replacement' replaces a function", Build(expectedExitCode: 1));
    }

    [Fact]
    public void An_editor_without_a_compiler_sees_the_class_that_was_made_before()
    {
        SkipWithoutClang();
        File.WriteAllText(_folder.PathOf("first.bpf.c"), Good);
        Build(expectedExitCode: 0);
        File.SetLastWriteTimeUtc(_folder.PathOf("first.bpf.c"), DateTime.UtcNow.AddSeconds(1));
        Dictionary<string, DateTime> before = Times();
        Assert.Contains("compiles: obj/bpf/first.bpf.g.cs", Build(expectedExitCode: 0, "-p:DesignTimeBuild=true", "-p:BpfClang=/no/such/clang"), StringComparison.Ordinal);
        Assert.Equal(before, Times());

        // One that was never built has none, and that is no error to an editor.
        Directory.Delete(_folder.PathOf("obj"), recursive: true);
        Assert.DoesNotContain("compiles: obj", Build(expectedExitCode: 0, "-p:DesignTimeBuild=true", "-p:BpfClang=/no/such/clang"), StringComparison.Ordinal);
    }

    internal static void SkipWithoutClang() => Assert.SkipUnless(
        Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "clang*").Any()), "needs clang");

    private Dictionary<string, DateTime> Times() => Directory.EnumerateFiles(_folder.PathOf("obj/bpf"), "*", SearchOption.AllDirectories).ToDictionary(path => path, File.GetLastWriteTimeUtc);

    private void AddItems(string items)
    {
        string project = _folder.PathOf("probe.proj");
        File.WriteAllText(project, File.ReadAllText(project).Replace("<Target Name=\"Build\"", $"<ItemGroup>{items}</ItemGroup>\n<Target Name=\"Build\"", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Code(BpfObjectFile file, BtfReader types) =>
        file.Relocate(new TargetTypes(types)).Select(program => $"{program.Definition.Name} {string.Join(' ', program.Instructions.ToArray())}");

    private string Build(int expectedExitCode, params string[] arguments)
    {
        string[] all = ["msbuild", _folder.PathOf("probe.proj"), "-t:Build", "-nologo", "-v:m", "-nodeReuse:false", .. arguments];
        var start = new ProcessStartInfo("dotnet", all) { RedirectStandardOutput = true, WorkingDirectory = _folder.PathOf("") };
        // The tests may themselves be run by a build, whose settings are not those of this project.
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToArray()) start.Environment.Remove(name);
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == expectedExitCode, $"{process.ExitCode} instead of {expectedExitCode}:\n{output}");
        return output;
    }
}
