using System;
using System.CommandLine;
using System.CommandLine.Invocation;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Tool.Interop;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary>Makes commands about the kernel's objects.</summary>
internal static class KernelCommand
{
    /// <summary>Carries out such a command.</summary>
    /// <param name="words">What follows its name.</param>
    /// <param name="lines">Where lines for programs go; null when people are to read it.</param>
    public delegate void Body(Words words, JsonLines? lines);

    /// <summary>A command that takes words.</summary>
    /// <param name="path">Its name, with those of the commands above it, such as <c>prog show</c>; other names of it after a bar.</param>
    /// <param name="description">What it does.</param>
    /// <param name="grammar">The words.</param>
    /// <param name="body">What it does.</param>
    public static Command Create(string path, string description, string grammar, Body body)
    {
        string[] names = path[(path.LastIndexOf(' ') + 1)..].Split('|');
        path = path.Split('|')[0];
        var command = new Command(names[0], description);
        foreach (string alias in names.AsSpan(1)) command.Aliases.Add(alias);
        Complete(command, path, grammar, body);
        return command;
    }

    /// <summary>A command with commands below it; by itself it does what the first of them does.</summary>
    public static Command Group(string name, string description, Body byDefault, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (Command command in commands) group.Add(command);
        Complete(group, name, "", byDefault);
        return group;
    }

    /// <summary>Lets such a command, and those below it, work in another network namespace if its option says so.</summary>
    public static Command WithNetworkNamespace(Command command)
    {
        Option<string?> space = CommonOptions.NetworkNamespace();
        // Wherever it stands on the line: it must not be passed over.
        space.Recursive = true;
        command.Add(space);
        foreach (Command one in command.Subcommands.Prepend(command))
        {
            if (one.Action is SynchronousCommandLineAction action) one.Action = new NamespaceAction(space, action);
        }

        return command;
    }

    /// <summary>What there is in place of such a command where there is no Linux.</summary>
    public static Command Absent(string name)
    {
        var command = new Command(name, "Asks the kernel, and runs on Linux only.") { new Argument<string[]>("WORDS") { Arity = ArgumentArity.ZeroOrMore } };
        command.SetAction(_ => CommandLine.RefuseSystem(name));
        return command;
    }

    private static void Complete(Command command, string path, string grammar, Body body)
    {
        Option<bool> json = CommonOptions.Json();
        command.Add(json);
        Argument<string[]>? words = null;
        if (grammar.Length > 0)
        {
            words = new Argument<string[]>("WORDS") { Description = grammar, Arity = ArgumentArity.ZeroOrMore };
            command.Add(words);
        }

        command.SetAction(result =>
        {
            if (!OperatingSystem.IsLinux()) return CommandLine.RefuseSystem(path);
            return Run(path, new Words(words is null ? [] : result.GetValue(words) ?? []), result.GetValue(json), body);
        });
    }

    // Whatever the command says of its failure, it says; the failure to get there is said the same way.
    private sealed class NamespaceAction(Option<string?> option, SynchronousCommandLineAction inner) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            if (parseResult.GetValue(option) is not string space || !OperatingSystem.IsLinux()) return inner.Invoke(parseResult);
            if (space.Length == 0) return CommandLine.RefuseUsage(parseResult.CommandResult.Command.Name, $"{option.Name} is empty: it is a path, such as /run/netns/NAME, or the number of a process.");
            int code = ExitCode.Refused;
            try
            {
                NetworkNamespace.Run(space, () => code = inner.Invoke(parseResult));
                return code;
            }
#pragma warning disable CA1031 // Whatever goes wrong is reported, and has an exit code.
            catch (Exception e)
#pragma warning restore CA1031
            {
                return Refusals.Print(e);
            }
        }
    }

    [SupportedOSPlatform("linux")]
    private static int Run(string path, Words words, bool json, Body body)
    {
        try
        {
            using JsonLines? lines = json ? new JsonLines() : null;
            body(words, lines);
            return ExitCode.Done;
        }
        catch (UsageException e)
        {
            return CommandLine.RefuseUsage(path, e.Message);
        }
#pragma warning disable CA1031 // Whatever goes wrong is reported, and has an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Refusals.Print(e);
        }
    }
}
