using System;
using System.CommandLine;
using System.IO;
using System.Text;

namespace Bpf.Tool.Commands;

/// <summary>
/// <c>bpf completions</c>: writes what a shell runs to complete the words of the command. The shell asks the command itself, by the
/// directive <c>[suggest:POSITION]</c> of System.CommandLine, so that it always knows those of the installed version.
/// </summary>
internal static class CompletionsCommand
{
    public static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong(Shells);
        var command = new Command("completions", "Writes the script that completes the words of this command in a shell: source <(bpf completions bash)") { shell };
        command.SetAction(result =>
        {
            Console.Out.Write(Script(result.GetRequiredValue(shell)));
            return ExitCode.Done;
        });
        return command;
    }

    private static string Script(string shell)
    {
        using Stream script = typeof(CompletionsCommand).Assembly.GetManifestResourceStream($"bpf.{shell}") ?? throw new InvalidOperationException($"The script for {shell} is missing.");
        using var reader = new StreamReader(script, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
