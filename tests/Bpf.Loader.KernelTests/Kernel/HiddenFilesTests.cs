using System;
using System.Diagnostics;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Kernel;

/// <summary>
/// Where a container hides the kernel's files, or leaves a process few descriptors: whatever can be done all the same is done, and the
/// rest is refused in the library's words.
/// </summary>
[AnyKernel]
public sealed class HiddenFilesTests : KernelTest
{
    private const string NoSys = "mount -t tmpfs none /sys", NoProcSys = "mount -t tmpfs none /proc/sys";

    // The runtime itself takes some fifty, one for each assembly.
    private const string FewDescriptors = "ulimit -n 64";

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (string place in (string[])[NoSys, NoProcSys, FewDescriptors])
        {
            foreach (string command in (string[])["verify --json execsnoop.bpf.o", "verify core_kernel.bpf.o", "verify extern_ksyms.bpf.o", "verify maps_ringbuf.bpf.o", "feature probe map_type hash", "map list"])
                cases.Add(place, command);
        }

        foreach (string place in (string[])[NoSys, NoProcSys]) cases.Add(place, "run --duration 0.1 hook_tracepoint.bpf.o");

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_cannot_be_done_is_refused_in_the_librarys_words(string place, string command)
    {
        (int code, string output, string errors) = Inside(place, command);
        Assert.True(code is 0 or 1, $"{code}: {errors}");
        foreach (string raw in (string[])["Unhandled exception", "IOException", "UnauthorizedAccess", "   at Bpf.Loader", "   at System."])
            Assert.DoesNotContain(raw, output + errors, StringComparison.Ordinal);
        Assert.True(code == 0 || output.Length + errors.Length > 0, "It says nothing.");
    }

    [Fact]
    public void An_object_that_needs_none_of_them_is_loaded()
    {
        (int code, string output, string errors) = Inside(NoProcSys, "verify hook_tc.bpf.o");
        Assert.True(code == 0, output + errors);
    }

    [Fact]
    public void A_hidden_file_is_named_with_what_hides_it()
    {
        foreach (string file in (string[])["execsnoop.bpf.o", "maps_ringbuf.bpf.o"])
        {
            (int code, string output, string errors) = Inside(NoSys, $"verify {file}");
            Assert.Equal(1, code);
            Assert.Contains("No sysfs is mounted at /sys", output + errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_mount_over_a_file_is_named()
    {
        (int code, string output, string errors) = Inside("mount -t tmpfs none /sys/devices/system/cpu", "verify maps_inner.bpf.o");
        Assert.Equal(1, code);
        Assert.Contains("A file system of type 'tmpfs' is mounted over it, at '/sys/devices/system/cpu'.", output + errors, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Errors) Inside(string place, string command)
    {
        var start = new ProcessStartInfo("unshare", ["-m", "sh", "-c", $"cd {TestObjects.Folder}; {place}; exec {BpfTool.Path} {command}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd(), errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, errors);
    }
}
