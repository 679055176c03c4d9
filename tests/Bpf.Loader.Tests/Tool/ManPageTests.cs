using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Bpf.Tool.Commands;
using Xunit;

namespace Bpf.Loader.Tests.Tool;

/// <summary><c>docs/man/bpf.1</c> is made here of the tree of commands, and held to it.</summary>
public sealed class ManPageTests
{
    [Fact]
    public void The_page_is_made_of_the_commands()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The commands that ask the kernel are whole on Linux only.");
        string path = Path.Combine(TestData.Repository, "docs", "man", "bpf.1"), page = ManPage.Of(CommandLine.CreateRoot());
        if (Environment.GetEnvironmentVariable("BPF_SNAPSHOT_ACCEPT") == "1") File.WriteAllText(path, page);
        Assert.True(File.Exists(path) && File.ReadAllText(path) == page, "docs/man/bpf.1 is not what the commands say: run this test with BPF_SNAPSHOT_ACCEPT=1.");
    }

    [Fact]
    public void Every_command_has_a_description_and_a_place_on_the_page()
    {
        RootCommand root = CommandLine.CreateRoot();
        string page = ManPage.Of(root);
        Assert.All(Below("bpf", root), command =>
        {
            Assert.False(string.IsNullOrEmpty(command.Command.Description), command.Path);
            Assert.Contains($"\n.SS {command.Path.Replace("-", "\\-", StringComparison.Ordinal)}", page, StringComparison.Ordinal);
        });
    }

    private static IEnumerable<(string Path, Command Command)> Below(string path, Command command) =>
        command.Subcommands.SelectMany(below => Below($"{path} {below.Name}", below).Prepend(($"{path} {below.Name}", below)));
}
