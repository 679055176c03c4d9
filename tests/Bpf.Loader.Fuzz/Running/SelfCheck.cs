using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Fuzz.Targets;

namespace Bpf.Loader.Fuzz.Running;

/// <summary>Looks whether the fuzzer finds what it is to find: a fuzzer that finds nothing may be one that cannot.</summary>
internal static class SelfCheck
{
    private const int Inputs = 16;

    // Of computing, and not of time that passes: ten times what a process needs to begin.
    private static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(3);

    /// <summary>Tries every fault that is made on purpose.</summary>
    /// <returns>The exit code: 0 when all were found.</returns>
    public static int Run(FuzzOptions options)
    {
        IReadOnlyList<TargetResult> results = new Supervisor(options with { Watchdog = Watchdog }).Run([.. TargetList.OnPurpose.Keys.Select(target => (target, (long)Inputs))]);
        int missed = 0;
        // An input is named by its target.
        foreach (string name in TargetList.All.GroupBy(target => target.Name).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            missed++;
            Console.Error.WriteLine($"There are several targets '{name}'.");
        }

        foreach (TargetResult result in results)
        {
            string expected = TargetList.OnPurpose[result.Target];
            bool isFound = result.Inputs == Inputs && result.Accepted > 0 && result.Refused > 0 && result.Failed > 1
                && result.Faults.All(fault => fault.Fault.Contains(expected, StringComparison.Ordinal));
            if (isFound) continue;
            missed++;
            Console.Error.WriteLine($"{result.Target.Name}: '{expected}' was not found as it should be: {result.Inputs} inputs, {result.Failed} failed: {string.Join("; ", result.Faults.Select(fault => fault.Fault))}");
        }

        return missed == 0 ? 0 : 1;
    }
}
