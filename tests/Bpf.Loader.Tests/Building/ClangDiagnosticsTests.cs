using System.Text.RegularExpressions;
using Bpf.Tool.Compilation;
using Xunit;

namespace Bpf.Loader.Tests.Building;

public class ClangDiagnosticsTests
{
    [Theory]
    [InlineData("/x/a.bpf.c:3:7: warning: unused variable 'y' [-Wunused-variable]", "/x/a.bpf.c(3,7): warning BPF8012: unused variable 'y' [-Wunused-variable]")]
    [InlineData("/x/a.h:12:1: error: expected ';'", "/x/a.h(12,1): error BPF8013: expected ';'")]
    [InlineData("/x/a.bpf.c:1:10: fatal error: 'own.h' file not found", "/x/a.bpf.c(1,10): error BPF8014: 'own.h' file not found")]
    [InlineData("clang: error: unknown argument: '-fnope'", "/s.bpf.c : error BPF8013: unknown argument: '-fnope'")]
    [InlineData("error: <unknown>:0:0: in function f i32 (): too many args", "/s.bpf.c : error BPF8013: <unknown>:0:0: in function f i32 (): too many args")]
    [InlineData("/x/a.bpf.c:3:7: note: declared here", "/x/a.bpf.c:3:7: note: declared here")]
    [InlineData("   3 | int y;", "   3 | int y;")]
    [InlineData("/x/\0a.bpf.c:3:7: warning: unused", "/x/\0a.bpf.c:3:7: warning: unused")] // no file has such a name
    [InlineData("1 warning generated.", "1 warning generated.")]
    public void Lines_take_the_form_of_MSBuild(string line, string expected) => Assert.Equal(expected, ClangDiagnostics.Rewrite(line, "/s.bpf.c"));

    [Theory]
    [InlineData("'vmlinux.h' file not found", "BpfVmlinux")]
    [InlineData("'bpf/bpf_helpers.h' file not found", "libbpf-dev")]
    [InlineData("'linux/bpf.h' file not found", "linux-libc-dev")]
    public void A_missing_header_is_told_how_to_be_had(string text, string hint) =>
        Assert.Matches(Regex.Escape(hint), ClangDiagnostics.Rewrite("/x/a.bpf.c:1:10: fatal error: " + text, "/s.bpf.c"));
}
