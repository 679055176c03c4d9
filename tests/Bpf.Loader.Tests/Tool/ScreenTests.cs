using System;
using System.IO;
using Bpf.Tool.Output;
using Spectre.Console;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

public class ScreenTests
{
    [Fact]
    public void A_name_at_the_head_of_a_column_is_made_printable_as_those_below_it_are()
    {
        Table table = Screen.Table("CO-RE in \u001b[2Jf", "[x]");
        table.AddTextRow("\u0007row", "y");
        var text = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Write(table);
        Assert.DoesNotContain('\u001b', text.ToString());
        Assert.DoesNotContain('\u0007', text.ToString());
        Assert.Contains("CO-RE in \\x1b[2Jf", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("[x]", text.ToString(), StringComparison.Ordinal);
    }
}
