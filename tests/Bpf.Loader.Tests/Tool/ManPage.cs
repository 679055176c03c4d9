using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Text;

namespace Bpf.Loader.Tests.Tool;

/// <summary>The manual page of a tree of commands, in the language of man(7): each command with its arguments and options, as the help has them.</summary>
internal sealed class ManPage
{
    private readonly StringBuilder _text = new();

    private ManPage()
    {
    }

    public static string Of(RootCommand root)
    {
        var page = new ManPage();
        page.Macro(".TH BPF 1 \"\" \"Bpf.Loader\" \"User Commands\"");
        page.Section("NAME");
        page.Line($"bpf - {Lower(root.Description!.TrimEnd('.'))}");
        page.Section("SYNOPSIS");
        page.Macro(".B bpf");
        page.Line("COMMAND [ARGUMENTS] [OPTIONS]");
        page.Section("DESCRIPTION");
        page.Line("The commands that load, relocate or inspect take --json, which prints one object a line for programs, and --btf, which gives them the types of another kernel. Those about what is in the kernel take bpftool's words.");
        page.Section("COMMANDS");
        foreach (Command command in root.Subcommands) page.Command("bpf", command);
        page.Section("OPTIONS");
        foreach (Option option in root.Options.Where(static option => !option.Hidden)) page.Option(option);
        page.Section("EXIT STATUS");
        page.Entry("0", "Done.");
        page.Entry("1", "The file or the kernel said no.");
        page.Entry("2", "Wrong usage.");
        page.Section("SEE ALSO");
        page.Line("bpftool(8), bpf(2)");
        return page._text.ToString();
    }

    private void Command(string above, Command command)
    {
        if (command.Hidden) return;
        string path = $"{above} {command.Name}";
        _text.Append($".SS {Escape($"{path}{string.Concat(command.Arguments.Select(static argument => " " + Usage(argument)))}")}\n");
        Line(command.Description ?? "");
        if (command.Aliases.Count > 0) Line($"Also called {string.Join(", ", command.Aliases.Order(StringComparer.Ordinal))}.");
        foreach (Argument argument in command.Arguments.Where(static argument => !IsGrammar(argument) && argument.Description is not null)) Entry(argument.Name, argument.Description!);
        foreach (Option option in command.Options.Where(static option => !option.Hidden)) Option(option);
        foreach (Command below in command.Subcommands) Command(path, below);
    }

    private void Option(Option option)
    {
        IEnumerable<string> names = option.Aliases.Where(static alias => alias.StartsWith('-')).Order(StringComparer.Ordinal).Prepend(option.Name);
        Entry($"{string.Join(", ", names)}{(option.Arity.MaximumNumberOfValues == 0 || option.ValueType == typeof(bool) ? "" : $" {option.HelpName ?? option.Name.TrimStart('-').ToUpperInvariant()}")}", option.Description ?? "");
    }

    // Commands in bpftool's words have their whole grammar for a description.
    private static bool IsGrammar(Argument argument) => argument.Name == "WORDS";

    private static string Usage(Argument argument)
    {
        if (IsGrammar(argument)) return argument.Description ?? "[WORDS...]";
        string name = argument.Arity.MaximumNumberOfValues > 1 ? argument.Name + "..." : argument.Name;
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Lower(string text) => char.ToLowerInvariant(text[0]) + text[1..];

    private void Section(string name) => Macro($".SH {name}");

    private void Entry(string term, string text)
    {
        Macro(".TP");
        Macro($".B {Escape(term)}");
        Line(text);
    }

    private void Macro(string line) => _text.Append(line).Append('\n');

    private void Line(string text) => _text.Append(Escape(text)).Append('\n');

    // A line that begins with a dot or an apostrophe would be a macro.
    private static string Escape(string text)
    {
        string escaped = text.ReplaceLineEndings(" ").Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal).Replace("\"", "\\(dq", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? "\\&" + escaped : escaped;
    }
}
