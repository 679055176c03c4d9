using System;
using System.IO;
using System.Linq;
using System.Threading;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Testing;

/// <summary>The programs of testdata and of the samples, in the machine and in this kernel.</summary>
public sealed class MachineAgainstKernelTests(ITestOutputHelper output) : KernelTest
{
    public static TheoryData<string> Samples =>
    [
        .. Directory.EnumerateFiles(Path.Combine(TestObjects.Folder, "../src/samples"), "*.bpf.o", SearchOption.AllDirectories)
            .Select(static path => Path.GetRelativePath(TestObjects.Folder, path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(TestObjects.All), MemberType = typeof(TestObjects))]
    [MemberData(nameof(Samples))]
    public void Programs_that_have_a_test_run_do_the_same(string name)
    {
        // A thread of its own, which stays on one CPU.
        string[] differences = [];
        int ran = 0;
        var thread = new Thread(() =>
        {
            using ObjectComparison? comparison = ObjectComparison.TryLoad(TestObjects.PathOf(name));
            if (comparison is null) return;
            comparison.Run();
            (ran, differences) = (comparison.Ran.Count, [.. comparison.Differences]);
        });
        thread.Start();
        thread.Join();
        output.WriteLine($"{ran} runs");
        Assert.SkipWhen(ran == 0, "no program of it has a test run on this kernel");
        Assert.True(differences.Length == 0, string.Join('\n', differences));
    }

    // Each with the first kernel that has all that it calls, and how many programs of it have a test run.
    [Theory]
    [InlineData("objects", 6, 4, 7)]
    [InlineData("objects_percpu", 6, 6, 3)]
    [InlineData("objects_newest", 6, 16, 2)]
    [InlineData("dynptrs", 6, 5, 3)]
    [InlineData("answers", 5, 15, 5)]
    public void Programs_of_machine_tests_do_the_same(string name, int major, int minor, int programs)
    {
        using ObjectComparison? comparison = ObjectComparison.TryLoad(TestObjects.PathOf($"machine/{name}.bpf.o"));
        bool isOlder = KernelVersion.Current.CompareTo(new KernelVersion(major, minor, 0)) < 0;
        if (comparison is null)
        {
            Assert.True(isOlder, $"this kernel should take machine/{name}.bpf.o");
            Assert.Skip($"what it calls is there since Linux {major}.{minor}");
        }

        comparison.Run();
        Assert.True(comparison.Differences.Count == 0, string.Join('\n', comparison.Differences));
        int ran = comparison.Ran.Distinct().Count();
        Assert.SkipWhen(isOlder && ran < programs, $"{ran} of its {programs} programs did the same; what the others call is there since Linux {major}.{minor}");
        Assert.Equal(programs, ran);
    }

    [Fact]
    public void Most_objects_have_programs_that_are_compared()
    {
        // The theory above would pass as well if nothing was ever run.
        string[] objects = ["hook_xdp", "hook_tc", "maps_simple", "maps_inner", "maps_special", "call_callbacks", "insn_all", "data_globals"];
        string[] known = [.. objects.Where(static name => TestObjects.Open(name).Programs.Any(static program => program.AutoLoad))];
        Assert.All((string[])["hook_xdp", "hook_tc", "maps_special"], name => Assert.Contains(name, known)); // every kernel from 5.10 on has their programs' types
        foreach (string name in known)
        {
            using ObjectComparison? comparison = ObjectComparison.TryLoad(TestObjects.PathOf(name + ".bpf.o"));
            Assert.NotNull(comparison);
            comparison.Run();
            Assert.NotEmpty(comparison.Ran);
        }
    }
}
