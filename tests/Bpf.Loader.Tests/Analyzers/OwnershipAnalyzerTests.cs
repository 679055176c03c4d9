using System.Threading.Tasks;
using Xunit;

namespace Bpf.Loader.Tests.Analyzers;

public sealed class OwnershipAnalyzerTests
{
    private const string Begin = "using BpfObject bpf = BpfObjectFile.Open(\"x.bpf.o\").Load();\n";

    [Theory]
    [InlineData("bpf.AttachAll();")]
    [InlineData("bpf.Programs[\"p\"].Attach();")]
    [InlineData("_ = bpf.Programs[\"p\"].AttachXdp(\"eth0\");")]
    [InlineData("foreach (BpfProgram p in bpf.Programs) p.Attach();")]
    public async Task A_link_that_nobody_keeps_is_found(string code) => Assert.Equal(["2: BPF7001"], await AnalyzedCode.FindAsync(Begin + code));

    [Theory]
    [InlineData("using var links = bpf.AttachAll();")]
    [InlineData("using (bpf.AttachAll()) Console.ReadLine();")]
    [InlineData("using BpfLink link = bpf.Programs[\"p\"].Attach();")]
    [InlineData("bpf.Programs[\"p\"].Attach().Dispose();")]
    [InlineData("bpf.Programs[\"p\"].Attach().Pin(\"/sys/fs/bpf/x\");")]
    [InlineData("bpf.Programs[\"p\"].Attach().Disconnect();")]
    [InlineData("var links = new List<BpfLink>(); foreach (BpfProgram p in bpf.Programs) links.Add(p.Attach());")]
    [InlineData("BpfLink[] links = [.. bpf.Programs.Select(p => p.Attach())]; GC.KeepAlive(links);")]
    [InlineData("Func<BpfLink> attach = () => bpf.Programs[\"p\"].Attach(); using BpfLink link = attach();")]
    public async Task A_link_that_is_kept_is_not(string code) => Assert.Empty(await AnalyzedCode.FindAsync(Begin + code));

    [Theory]
    [InlineData("BpfObject bpf = BpfObjectFile.Open(\"x.bpf.o\").Load();\nConsole.WriteLine(bpf.Maps.Count);", "1: BPF7002")]
    [InlineData(Begin + "var links = bpf.AttachAll();\nConsole.WriteLine(links.Count);", "2: BPF7002")]
    [InlineData(Begin + "BpfLink? link = bpf.Programs[\"p\"].Attach();\nif (link != null) Console.WriteLine(link.Target);", "2: BPF7002")]
    [InlineData(Begin + "var events = bpf.Maps[\"events\"].OpenRingBuffer();\nforeach (string s in new string[0]) Console.WriteLine(events);", "")]
    [InlineData(Begin + "RingBuffer events = bpf.Maps[\"events\"].OpenRingBuffer();\n_ = events.ToString();", "2: BPF7002")]
    [InlineData("BpfMap map = BpfMap.OpenPinned(\"/sys/fs/bpf/m\");\nConsole.WriteLine(map.Id);", "1: BPF7002")]
    [InlineData("BpfObjectFile.Open(\"x.bpf.o\").Load();", "1: BPF7002")]
    public async Task What_is_never_disposed_is_found(string code, string found) => Assert.Equal(found.Length == 0 ? [] : [found], await AnalyzedCode.FindAsync(code));

    [Theory]
    [InlineData("BpfObject bpf = BpfObjectFile.Open(\"x.bpf.o\").Load();\ntry { Console.WriteLine(bpf.Maps.Count); } finally { bpf.Dispose(); }")]
    [InlineData("BpfObject? bpf = BpfObjectFile.Open(\"x.bpf.o\").Load();\nbpf?.Dispose();")]
    [InlineData(Begin + "BpfMap map = bpf.Maps[\"events\"];\nBpfProgram program = bpf.Programs[\"p\"];\nConsole.WriteLine(map.Id + program.Id);")]
    [InlineData(Begin + "BpfProgram first = bpf.Programs.First();\nConsole.WriteLine(first.Id);")]
    [InlineData(Begin + "BpfLink link = bpf.Programs[\"p\"].Attach();\nKeep(link);\nvoid Keep(BpfLink kept) => kept.Dispose();")]
    [InlineData("BpfObject Load() { BpfObject bpf = BpfObjectFile.Open(\"x.bpf.o\").Load(); Console.WriteLine(bpf.Maps.Count); return bpf; }\nLoad().Dispose();")]
    [InlineData(Begin + "var links = bpf.AttachAll();\nConsole.CancelKeyPress += (_, _) => links.Dispose();")]
    [InlineData("BpfLink? link = null;\n" + Begin + "link = bpf.Programs[\"p\"].Attach();\nlink.Dispose();")]
    [InlineData("var h = new Holder { Bpf = BpfObjectFile.Open(\"x.bpf.o\").Load() };\nConsole.WriteLine(h);\nclass Holder { public BpfObject? Bpf { get; set; } }")]
    [InlineData(Begin + "BpfLink link = bpf.Programs[\"p\"].Attach();\nlink.Pin(\"/sys/fs/bpf/x\");")]
    public async Task What_is_disposed_or_given_away_is_not(string code) => Assert.Empty(await AnalyzedCode.FindAsync(code));

    [Theory]
    [InlineData("using ExecSnoop snoop = ExecSnoop.Open().Load();", "1: BPF7004")]
    [InlineData("using ExecSnoop snoop = ExecSnoop.Open().Load();\nConsole.WriteLine(snoop.Maps);", "1: BPF7004")]
    [InlineData("using ExecSnoop snoop = ExecSnoop.Open().Load();\nusing var links = snoop.AttachAll();", "")]
    [InlineData("using ExecSnoop snoop = ExecSnoop.Open().Load();\nusing BpfLink link = snoop.Programs.HandleExec.Attach();", "")]
    [InlineData("using ExecSnoop snoop = ExecSnoop.Open().Load();\nusing var links = snoop.Object.AttachAll();", "")]
    [InlineData("using ExecSnoop snoop = ExecSnoop.Open().Load();\nRun(snoop);\nstatic void Run(ExecSnoop snoop) { using var links = snoop.AttachAll(); }", "")]
    [InlineData("using ExecSnoop snoop = ExecSnoop.Open(new BpfOpenOptions { PinRootPath = \"/sys/fs/bpf\" }).Load();\nConsole.WriteLine(snoop.Maps);", "")]
    [InlineData("using ExecSnoop snoop = ExecSnoop.Open().Load();\nsnoop.AttachAll();", "2: BPF7001")]
    public async Task A_skeleton_of_which_nothing_runs_is_found(string code, string found) => Assert.Equal(found.Length == 0 ? [] : [found], await AnalyzedCode.FindAsync(code));
}
