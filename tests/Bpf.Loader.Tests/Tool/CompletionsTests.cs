using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Bpf.Tool.Commands;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

/// <summary>Shells complete the words of the command by the scripts that it writes for them.</summary>
public sealed class CompletionsTests
{
    public static TheoryData<string> Shells => [.. CompletionsCommand.Shells];

    [Theory]
    [MemberData(nameof(Shells))]
    public void Commands_are_completed(string shell) => Assert.Equal(["check", "cgroup", "classic", "compile", "completions"], Complete(shell, "", "c").OrderBy(static word => word[1] == 'h' ? "" : word, StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Shells))]
    public void Commands_below_others_are_completed(string shell) => Assert.Equal(["delete", "dequeue", "dump"], Complete(shell, "map", "d").Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Shells))]
    public void Options_are_completed_where_one_is_begun(string shell)
    {
        Assert.Equal(["--each"], Complete(shell, "verify", "--e"));
        Assert.DoesNotContain(Complete(shell, "map", ""), word => word.StartsWith('-') || word.StartsWith('/'));
    }

    [Theory]
    [MemberData(nameof(Shells))]
    public void Elsewhere_files_are(string shell)
    {
        string[] words = Complete(shell, "verify", "execsnoop.bpf.");
        Assert.Equal(shell switch { "fish" => ["execsnoop.bpf.c", "execsnoop.bpf.o"], "zsh" => ["FILES"], _ => [] }, words.Order(StringComparer.Ordinal)); // those of bash are readline's own
    }

    [Fact]
    public void Another_shell_is_wrong_usage() => Assert.Equal(2, BpfTool.Run("completions", "csh").ExitCode);

    // What the shell offers for the word that has been begun, after the others.
    private static string[] Complete(string shell, string before, string word)
    {
        string script = BpfTool.Run("completions", shell).Output;
        string line = $"bpf {(before.Length == 0 ? "" : before + " ")}{word}";
        int index = before.Length == 0 ? 1 : 2;
        string[] arguments = shell switch
        {
            "bash" =>
            [
                "--norc", "-c",
                $"{script}\nCOMP_LINE='{line}' COMP_POINT={line.Length} COMP_CWORD={index} COMP_WORDS=(bpf {before} '{word}')\n_bpf_complete\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"",
            ],
            "zsh" =>
            [
                // The widgets of the editor stand in: it runs on a terminal only.
                "-f", "-c",
                $"compdef() {{ }}\ncompadd() {{ shift; print -l -- ${{(M)@:#$PREFIX*}} }}\n_files() {{ print FILES }}\n{script}\nwords=(bpf {before} '{word}') CURRENT={index + 1} PREFIX='{word}'\n_bpf",
            ],
            _ => ["--no-config", "-c", $"{script}\ncomplete --do-complete '{line}'"],
        };
        var start = new ProcessStartInfo(shell, arguments) { WorkingDirectory = TestData.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{Path.GetDirectoryName(BpfTool.Path)}{Path.PathSeparator}{start.Environment["PATH"]}";
        try
        {
            using Process process = Process.Start(start)!;
            System.Threading.Tasks.Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal("", error.GetAwaiter().GetResult());
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static found => found.Split('\t')[0])];
        }
        catch (Win32Exception)
        {
            Assert.Skip($"There is no {shell} here.");
            return [];
        }
    }
}
