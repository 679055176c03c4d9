using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Relocation;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Relocation;

/// <summary>A kernel that does not tell its types, as many before 5.4 and some of today: an agent brings those that its objects ask for.</summary>
public sealed class HiddenTypesTests : KernelTest
{
    private const string Hide = "mount -t tmpfs none /sys/kernel/btf";

    // What the process opens for its first pipe must not count as a leak.
    static HiddenTypesTests() => Shell.Run("true");

    [Fact]
    public void With_types_of_its_own_an_object_runs_and_its_events_come()
    {
        string types = Path.GetTempFileName();
        try
        {
            var minimal = new MinimalBtf(KernelBtf.Vmlinux);
            minimal.Add(TestObjects.Open("execsnoop"));
            BtfReader few = minimal.ToReader();
            Assert.InRange(few.Raw.Length, 1, KernelBtf.Vmlinux.Raw.Length / 100);
            File.WriteAllBytes(types, few.Raw.ToArray());

            // The process that starts others is the one whose number the program reads out of the kernel's structures.
            using Process run = Inside($"run --json --btf {types} execsnoop.bpf.o");
            using var processes = new StartingProcesses();
            JsonElement found;
            do
            {
                string line = run.StandardOutput.ReadLine() ?? throw new InvalidOperationException(run.StandardError.ReadToEnd());
                found = JsonDocument.Parse(line).RootElement;
            }
            while (found.GetProperty("ppid").GetInt32() != Environment.ProcessId);

            run.Kill();
            run.WaitForExit();
            Assert.EndsWith("/true", found.GetProperty("filename").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(types);
        }
    }

    [Fact]
    public void Without_any_the_lack_is_named()
    {
        Assert.SkipWhen(VmlinuxFiles.Candidates(KernelVersion.Release).Any(File.Exists), "the kernel's own file is installed, and has its types");
        using Process run = Inside("verify execsnoop.bpf.o");
        string output = run.StandardOutput.ReadToEnd() + run.StandardError.ReadToEnd();
        run.WaitForExit();
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("/sys/kernel/btf/vmlinux", output, StringComparison.Ordinal);
    }

    private static Process Inside(string command) => Process.Start(
        new ProcessStartInfo("unshare", ["-m", "sh", "-c", $"cd {TestObjects.Folder}; {Hide}; exec {BpfTool.Path} {command}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
