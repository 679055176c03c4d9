using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using Bpf.Tool.Commands.Batch;
using Bpf.Tool.Commands.Binaries;
using Bpf.Tool.Commands.Classic;
using Bpf.Tool.Commands.Features;
using Bpf.Tool.Commands.Links;
using Bpf.Tool.Commands.Network;
using Bpf.Tool.Commands.Programs;
using Bpf.Tool.Commands.StructOps;
using Bpf.Tool.Commands.Tokens;
using Bpf.Tool.Debugging;
using Bpf.Tool.Maps;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary>The tree of commands, and what all of them share.</summary>
internal static class CommandLine
{
    private static readonly string[] KernelCommandNames = ["map", "prog", "link", "net", "cgroup", "perf", "feature", "iter", "struct_ops", "token"];

    /// <summary>The tree of commands.</summary>
    public static RootCommand CreateRoot()
    {
        var root = new RootCommand("Loads, checks and runs BPF programs that clang compiled.")
        {
            RunCommand.Create(),
            ProfileCommand.Create(),
            TopCommand.Create(),
            VerifyCommand.Create(),
            CheckCommand.Create(),
            RelocateCommand.Create(),
            InspectCommand.Create(),
            ExplainCommand.Create(),
            CompileCommand.Create(),
            GenCommand.Create(),
            BtfCommand.Create(),
            ListCommand.Create(),
            DebugCommand.Create(),
            ClassicCommand.Create(),
            BatchCommand.Create(),
            CompletionsCommand.Create(),
        };
        foreach (Command kernel in KernelCommands())
            root.Add(kernel);
        return root;
    }

    /// <summary>Parses and runs.</summary>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args)
    {
        // A word may begin with @: keys of maps and names of links do.
        ParseResult result = CreateRoot().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count == 0)
            return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });

        foreach (ParseError error in result.Errors)
            Console.Error.WriteLine($"bpf: {Printable.Text(error.Message)}");
        Console.Error.WriteLine($"Try '{PathOf(result.CommandResult)} --help'.");
        return ExitCode.Usage;
    }

    /// <summary>Says what is wrong with the command line.</summary>
    public static int RefuseUsage(string command, string message)
    {
        Console.Error.WriteLine($"bpf: {Printable.Text(message)}");
        Console.Error.WriteLine($"Try 'bpf {command} --help'.");
        return ExitCode.Usage;
    }

    /// <summary>Says that a command asks the kernel, which must be Linux.</summary>
    public static int RefuseSystem(string command)
    {
        Console.Error.WriteLine($"bpf: '{command}' asks the kernel, and runs on Linux only.");
        return ExitCode.Refused;
    }

    private static string PathOf(CommandResult command) =>
        command.Command is RootCommand || command.Parent is not CommandResult parent ? "bpf" : $"{PathOf(parent)} {command.Command.Name}";

    // Elsewhere than on Linux they are there only to say why they are not.
    private static Command[] KernelCommands() => OperatingSystem.IsLinux()
        ?
        [
            MapCommand.Create(),
            ProgCommand.Create(),
            LinkCommand.Create(),
            NetCommand.Create(),
            CgroupCommand.Create(),
            PerfCommand.Create(),
            FeatureCommand.Create(),
            IterCommand.Create(),
            StructOpsCommand.Create(),
            TokenCommand.Create(),
        ]
        : Array.ConvertAll(KernelCommandNames, KernelCommand.Absent);
}
