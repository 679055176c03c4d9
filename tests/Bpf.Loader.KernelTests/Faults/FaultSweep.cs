using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Faults;

/// <summary>
/// Repeats a scenario, and lets its first system call fail, then its second, and so on until none is left. Whatever fails, the scenario
/// succeeds all the same or ends with an exception of the library that has an id, and nothing is left: no descriptor, no mapping, and
/// nothing in the places that the scenario watches.
/// </summary>
internal static class FaultSweep
{
    private static readonly Errno[] Errnos = [Errno.ENOMEM, Errno.EMFILE, Errno.EPERM, Errno.EINTR, Errno.EIO];

    private static readonly string[] OfTheTest = ["pipe:", ".dll", ".pdb", "/fd", "seccomp notify"];

    // In the whole sweep, which build/faults.sh asks for, each call fails with each errno; else with one of them in turn, and of a file that
    // is read in a thousand pieces some.
    private static readonly bool IsWhole = Environment.GetEnvironmentVariable("BPF_FAULTS") == "all";

    public static void Run(FaultScenario scenario)
    {
        using var thread = new FaultThread();
        // What is made once and kept (compiled code, the kernel's types, its features) is not the scenario's.
        for (int i = 0; i < 3; i++)
        {
            thread.Do(scenario.Run);
            scenario.After();
        }

        List<string> wrong = [];
        int most = thread.Do(0, Errno.None, scenario.Run).Calls;
        scenario.After();
        Assert.True(most > 0, "The scenario makes no system call.");
        var calls = new CallWalk(IsWhole);
        bool spoiled = false;
        string? call;
        do
        {
            int number = calls.Number;
            call = null;
            Errno[] errnos = IsWhole ? Errnos : [Errnos[number % Errnos.Length]];
            foreach (Errno errno in errnos)
            {
                IReadOnlyCollection<string> before = Held(scenario);
                (string? failed, Exception? thrown, _) = thread.Do(number, errno, scenario.Run);
                scenario.After();
                call ??= failed;
                string where = $"{number}: {failed} with {errno}";
                if (thrown is not null and not BpfLoaderException { Id: not 0 }) wrong.Add($"{where} is {thrown.GetType().Name}: {thrown.Message}{Origin(thrown)}");
                if (thrown is not null && failed is null) wrong.Add($"{number}: nothing failed, and yet {thrown.Message}{Origin(thrown)}");
                if (thrown is not null && errno == Errno.EINTR && failed is not null) wrong.Add($"{where} was not repeated: {thrown.Message}");
                string left = Left(before, scenario);
                if (left.Length == 0) continue;
                // What comes after it would meet what it has left.
                wrong.Add($"{where} leaves {left}{(thrown is null ? "" : $" ({thrown.Message})")}");
                spoiled = true;
                break;
            }
        }
        while (!spoiled && calls.Advance(call));

        TestContext.Current.TestOutputHelper?.WriteLine($"{calls.Number - 1} calls");
        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        // What a refused probe taught makes later runs shorter.
        int last = thread.Do(0, Errno.None, scenario.Run).Calls;
        scenario.After();
        most = Math.Min(most, last);
        Assert.True(calls.Number > most / 2, $"Only {calls.Number - 1} of some {most} calls were made to fail.");
    }

    private static string Origin(Exception thrown) =>
        string.Concat((thrown.StackTrace ?? "").Split('\n').Where(line => line.Contains("Bpf.Loader", StringComparison.Ordinal)).Take(6).Select(line => "\n    " + line.Trim()));

    // What is there now and was not before. The kernel takes some things down a while after they were let go, and other threads of the
    // process open files for a moment.
    private static string Left(IReadOnlyCollection<string> before, FaultScenario scenario)
    {
        string left = "";
        for (int tries = 0; tries < 50; tries++)
        {
            var rest = Held(scenario).GroupBy(item => item).Select(group => (group.Key, More: group.Count() - before.Count(item => item == group.Key)));
            left = string.Join("; ", rest.Where(item => item.More > 0).Select(item => item.More == 1 ? item.Key : $"{item.More} of {item.Key}"));
            if (left.Length == 0) return left;
            if (tries == 5)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }

            Thread.Sleep(tries);
        }

        return left;
    }

    private static List<string> Held(FaultScenario scenario)
    {
        List<string> held = [.. scenario.Left()];
        foreach (FileSystemInfo descriptor in new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos())
        {
            // Pipes are those to processes that the test starts, and assemblies the runtime's; numbers of sockets are never the same.
            if (descriptor.LinkTarget is not { } target || OfTheTest.Any(part => target.Contains(part, StringComparison.Ordinal))) continue;
            held.Add($"descriptor {(target.IndexOf('[', StringComparison.Ordinal) is > 0 and int at ? target[..at] : target)}");
        }

        held.AddRange(File.ReadLines("/proc/self/maps").Where(line => line.Contains("anon_inode:", StringComparison.Ordinal))
            .Select(line => "mapping " + line[line.IndexOf("anon_inode:", StringComparison.Ordinal)..]));
        return held;
    }
}
