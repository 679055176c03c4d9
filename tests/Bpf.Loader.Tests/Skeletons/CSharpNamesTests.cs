using Bpf.Tool.Skeletons;
using Xunit;

namespace Bpf.Loader.Tests.Skeletons;

public class CSharpNamesTests
{
    [Theory]
    [InlineData("target_pid", "TargetPid")]
    [InlineData("LEVEL_LOW", "LevelLow")]
    [InlineData("IPv4_addr", "IPv4Addr")]
    [InlineData("alreadyHumped", "AlreadyHumped")]
    [InlineData("__data_loc_name", "DataLocName")]
    [InlineData("class", "Class")]
    [InlineData("a_1_2", "A1_2")]
    [InlineData("_1st", "_1st")]
    [InlineData("__", "_")]
    [InlineData("", "_")]
    [InlineData("main.counter", "MainCounter")]
    [InlineData("größe_x", "GrößeX")]
    [InlineData("exec-snoop", "ExecSnoop")]
    [InlineData("\U0001F600\U00010400ab", "Ab")]
    [InlineData("a\U0001D400b", "AB")]
    [InlineData("\U0001F600", "_")]
    public void Names_become_those_of_dotnet(string c, string expected) => Assert.Equal(expected, CSharpNames.Pascal(c));

    [Theory]
    [InlineData("a < b & c", "a &lt; b &amp; c")]
    [InlineData("x\u2028evil();\u0085y\u202egpj\u001b[1m", "x?evil();?y?gpj?[1m")]
    [InlineData("*/ \U0001F600", "*/ \U0001F600")]
    public void Comments_are_one_line_of_text_that_is_seen(string text, string expected) => Assert.Equal(expected, CSharpNames.Xml(text));

    [Fact]
    public void A_scope_gives_each_name_once()
    {
        var scope = new NameScope("Outer");
        Assert.Equal(["Name", "NameValue", "NameValue2", "OuterValue", "ToStringValue"], [scope.Give("Name"), scope.Give("Name"), scope.Give("Name"), scope.Give("Outer"), scope.Give("ToString")]);
    }

    [Theory]
    [InlineData("A.B.class", "A.B.@class")]
    [InlineData("Names", "Names")]
    public void Keywords_are_escaped(string name, string expected) => Assert.Equal(expected, CSharpNames.Escape(name));

    [Theory]
    [InlineData("A", false, true)]
    [InlineData("A.B", false, false)]
    [InlineData("A.B", true, true)]
    [InlineData("A..B", true, false)]
    [InlineData("1A", false, false)]
    [InlineData("A b", false, false)]
    public void Names_are_told_from_others(string name, bool isNamespace, bool expected) => Assert.Equal(expected, CSharpNames.IsName(name, isNamespace));

    [Fact]
    public void Text_is_safe_in_comments_and_literals()
    {
        Assert.Equal("a &lt;b&gt; &amp; ?", CSharpNames.Xml("a <b> & \u0001"));
        Assert.Equal("\"a\\\"b\\\\\\u000a\"", CSharpNames.Literal("a\"b\\\n"));
    }
}
