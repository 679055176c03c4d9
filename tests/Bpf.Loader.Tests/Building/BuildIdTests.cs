using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.Tests.Building;

/// <summary>What builds say has ids of the library's enumeration.</summary>
public sealed partial class BuildIdTests
{
    private static readonly BpfDiagnosticId[] OfTargets = [BpfDiagnosticId.ArchitectureUnknown, BpfDiagnosticId.BuildStepFailed, BpfDiagnosticId.NotChecked, BpfDiagnosticId.NotTaken];

    [Fact]
    public void The_targets_use_ids_that_there_are()
    {
        string targets = File.ReadAllText(Path.Combine(TestData.Repository, "src", "Bpf.Loader.Build", "build", "Bpf.Loader.Build.targets"));
        IEnumerable<string> used = Id().Matches(targets).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(OfTargets.Select(id => id.ToCode()), used);
    }

    [Fact]
    public void A_class_that_cannot_be_made_has_an_id()
    {
        var tool = BpfTool.Run("gen", "skeleton", "execsnoop.bpf.o", "--type", "nothing_like_it");
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains($" : error {BpfDiagnosticId.NotGenerated.ToCode()}: The BTF of the object has no struct", tool.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_compiler_that_is_too_old_has_an_id()
    {
        if (OperatingSystem.IsWindows()) return;
        using var folder = new TemporaryFolder();
        string clang = folder.Write("clang", "#!/bin/sh\necho 'clang version 9.0.1'\n"u8), source = folder.Write("empty.bpf.c", default);
        File.SetUnixFileMode(clang, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var tool = BpfTool.Run("compile", source, "--clang", clang);
        Assert.Equal(1, tool.ExitCode);
        Assert.Contains($" : error {BpfDiagnosticId.ClangTooOld.ToCode()}: The compiler '{clang}' is clang 9", tool.Error, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"BPF\d{4}")]
    private static partial Regex Id();
}
