using Bpf.Tool.Compilation;
using Xunit;

namespace Bpf.Loader.Tests.Building;

public class DependencyFileTests
{
    [Theory]
    [InlineData("a.o: /x/a.c /x/b.h\n", "/x/a.c|/x/b.h")]
    [InlineData("a.o: \\\n  /x/a.c \\\n  /x/b.h \\\n  /x/a.c\n", "/x/a.c|/x/b.h")]
    [InlineData("a\\ b.o: /x/a\\ b.c /x/c\\#d.h /x/$$e.h", "/x/a b.c|/x/c#d.h|/x/$e.h")]
    [InlineData("a.o: \\\r\n  /x/a.c\r\n", "/x/a.c")]
    [InlineData("a.o: /x/a.c /x/\0.h\n", "/x/a.c")] // no file has such a name
    [InlineData("", "")]
    public void Files_are_those_behind_the_colon(string text, string expected) => Assert.Equal(expected, string.Join('|', DependencyFile.Parse(text)));
}
