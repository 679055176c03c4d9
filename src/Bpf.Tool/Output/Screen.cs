using System;
using System.Globalization;
using Bpf.Loader;
using Spectre.Console;

namespace Bpf.Tool.Output;

/// <summary>The terminal, for people: tables, and colours when it is one.</summary>
internal static class Screen
{
    // Wide enough for every line, when the output is a file or a pipe.
    private const int Unlimited = 10_000;

    // Longer lines than this are hard to read.
    private const int Prose = 100;

    private static IAnsiConsole? _console;

    private static int? Wanted => int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out int columns) && columns > 0 ? columns : null;

    public static IAnsiConsole Console => _console ??= Create();

    /// <summary>True when somebody looks at the output, and wants colours (https://no-color.org).</summary>
    public static bool HasColors { get; } =
        !System.Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";

    /// <summary>How many columns there are; when nobody looks, as many as COLUMNS says, or as lines of prose want.</summary>
    public static int Width => Math.Min(Prose, System.Console.IsOutputRedirected ? Wanted ?? Prose : Console.Profile.Width);

    /// <summary>A table without frame: columns, and space between them.</summary>
    public static Table Table(params string[] columns)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = columns.Length > 0 };
        for (int i = 0; i < columns.Length; i++)
        {
            // A leading '>' aligns numbers to the right.
            bool isNumber = columns[i].StartsWith('>');
            var column = new TableColumn($"[dim]{Safe(columns[i].TrimStart('>'))}[/]") { NoWrap = i < columns.Length - 1 };
            column.Padding = new Padding(0, 0, 2, 0);
            table.AddColumn(isNumber ? column.RightAligned() : column);
        }

        return table;
    }

    /// <summary>A line that names what follows.</summary>
    public static void Title(string title, string rest) =>
        Console.MarkupLine($"[bold]{Safe(title)}[/]{(rest.Length == 0 ? "" : $"  [dim]{Safe(rest)}[/]")}");

    /// <summary>A line that names a file and says how it fared.</summary>
    public static void Verdict(string file, bool isGood, string? code) => Console.MarkupLine(
        isGood ? $"[bold]{Safe(file)}[/]  [green]ok[/]" : $"[bold]{Safe(file)}[/]  [red]{Safe(code ?? "")}[/]");

    /// <summary>A line that names a part of what follows.</summary>
    public static void Heading(string text) => Console.MarkupLine($"[bold]{Safe(text)}[/]:");

    /// <summary>Text as it is.</summary>
    public static void Plain(string text) => Console.WriteLine(Printable.Lines(text));

    /// <summary>Says what is wrong.</summary>
    public static void Error(Failure failure) => Error(failure.ToText(Width - 2));

    /// <summary>Lines that say what is wrong.</summary>
    public static void Error(string text)
    {
        foreach (string line in Printable.Lines(text).Split('\n'))
            Console.MarkupLine($"  [red]{line.EscapeMarkup()}[/]");
    }

    /// <summary>Says what was noticed.</summary>
    public static void Note(BpfFinding finding)
    {
        foreach (string line in finding.ToString(Width - 2).Split('\n')) Note(line);
    }

    /// <summary>A line that is good to know.</summary>
    public static void Note(string text) => Console.MarkupLine($"  [dim]{Safe(text)}[/]");

    /// <summary>Prints a table and an empty line; nothing when it has no rows.</summary>
    public static void Write(Table table)
    {
        if (table.Rows.Count == 0)
            return;
        Console.Write(new Padder(table, new Padding(2, 0, 0, 0)));
        Console.WriteLine();
    }

    /// <summary>Adds a row of plain text.</summary>
    public static void AddTextRow(this Table table, params string[] cells)
    {
        var row = new Text[cells.Length];
        for (int i = 0; i < cells.Length; i++)
            row[i] = new Text(Printable.Text(cells[i]));
        table.AddRow(row);
    }

    // The colours go around the gate of the standard output, so that the text has to be safe before.
    private static string Safe(string text) => Printable.Text(text).EscapeMarkup();

    private static IAnsiConsole Create()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = HasColors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = HasColors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(HasColors ? StandardOutput.Raw : new TrimmingWriter(System.Console.Out)),
        });
        if (System.Console.IsOutputRedirected)
            console.Profile.Width = Unlimited;
        return console;
    }
}
