using System.Threading.Tasks;
using Xunit;

namespace Bpf.Loader.Tests.Analyzers;

public sealed class ChangeAnalyzerTests
{
    private const string Load = "var file = BpfObjectFile.Open(\"x.bpf.o\");\nusing BpfObject bpf = file.Load();\n";

    [Theory]
    [InlineData(Load + "file.Maps[\"events\"].MaxEntries = 1 << 20;", "3: BPF7003")]
    [InlineData(Load + "file.Globals[\"pid\"].Set(4);", "3: BPF7003")]
    [InlineData(Load + "if (bpf.Maps.Count > 0)\n{\n    file.Programs[\"p\"].AutoLoad = false;\n}", "5: BPF7003")]
    [InlineData(Load + "file.KernelVersion = 4;", "3: BPF7003")]
    [InlineData(Load + "file.Programs[\"p\"].Replace(0, default);", "3: BPF7003")]
    [InlineData(Load + "file.AddCopy(file.Programs[\"p\"], \"q\");", "3: BPF7003")]
    [InlineData("ExecSnoop.Description file = ExecSnoop.Open();\nusing ExecSnoop bpf = file.Load();\nusing var links = bpf.AttachAll();\nfile.File.Maps[\"events\"].MaxEntries = 4096;", "4: BPF7003")]
    public async Task A_change_after_the_load_is_found(string code, string found) => Assert.Equal([found], await AnalyzedCode.FindAsync(code));

    [Theory]
    [InlineData("var file = BpfObjectFile.Open(\"x.bpf.o\");\nfile.Maps[\"events\"].MaxEntries = 1 << 20;\nusing BpfObject bpf = file.Load();")]
    [InlineData(Load + "file.Maps[\"events\"].MaxEntries = 1 << 20;\nusing BpfObject again = file.Load();")]
    [InlineData(Load + "file = BpfObjectFile.Open(\"y.bpf.o\");\nfile.Maps[\"events\"].MaxEntries = 8;\nConsole.WriteLine(file.Name);")]
    [InlineData(Load + "var other = BpfObjectFile.Open(\"y.bpf.o\");\nother.Maps[\"events\"].MaxEntries = 8;\nConsole.WriteLine(other.Name);")]
    [InlineData("var file = BpfObjectFile.Open(\"x.bpf.o\");\nfor (uint i = 1; i < 9; i *= 2)\n{\n    file.Load().Dispose();\n    file.Maps[\"events\"].MaxEntries = i;\n}")]
    [InlineData("var file = BpfObjectFile.Open(\"x.bpf.o\");\nif (args.Length > 0) { file.Load().Dispose(); }\nelse { file.KernelVersion = 4; Console.WriteLine(file.Name); }")]
    [InlineData("var file = BpfObjectFile.Open(\"x.bpf.o\");\ntry { file.Load().Dispose(); }\ncatch (BpfException) { file.KernelVersion = 4; Console.WriteLine(file.Name); }")]
    [InlineData(Load + "bpf.Globals[\"pid\"].Set(4);")]
    public async Task A_change_that_counts_is_not(string code) => Assert.Empty(await AnalyzedCode.FindAsync(code));
}
