using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Interop;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>
/// What the running kernel refuses to everybody although it is built with it. Kernels that are hardened for virtual machines do that,
/// and change their mind: one forbids functions and security hooks, the next one iterators over maps as well. So nothing is assumed:
/// each hook that a test needs is tried once (<see cref="HookTrial"/>), and the refusal is the reason of the skip. A kernel without
/// such a policy refuses nothing, and the test runs.
/// </summary>
internal static class KernelPolicy
{
    /// <summary>What the reasons of its skips begin with.</summary>
    public const string Reason = "This kernel's policy forbids ";

    private static readonly ConcurrentDictionary<(BpfProgramType, BpfAttachType, string), string?> Answers = new();

    private static readonly ConcurrentDictionary<string, string?> Probes = new(StringComparer.Ordinal);

    // Who may not load programs at all learns nothing about the policy.
    private static bool MayAsk => Capabilities.Read() is { } rights && rights.Has(Capability.SysAdmin) && rights.Has(Capability.NetAdmin);

    /// <summary>Skips the test where this kernel forbids a hook.</summary>
    /// <param name="type">The type of its programs.</param>
    /// <param name="attachType">What they are attached as.</param>
    /// <param name="target">What the section name says after the slash, where the kernel is told it when the program is loaded.</param>
    public static void Permits(BpfProgramType type, BpfAttachType attachType = 0, string? target = null)
    {
        if (RefusalOf(type, attachType, target) is { } refusal) Assert.Skip(refusal);
    }

    /// <summary>Skips the test where this kernel forbids probes of functions: <c>kprobe</c> or <c>uprobe</c>.</summary>
    public static void PermitsProbes(string kind)
    {
        if (RefusalOfProbes(kind) is { } refusal) Assert.Skip(refusal);
    }

    /// <summary>How this kernel refuses probes of functions, or null when its policy does not.</summary>
    public static string? RefusalOfProbes(string kind) =>
        MayAsk ? Probes.GetOrAdd(kind, _ => HookTrial.RunProbe(kind) is { } refusal ? $"{Reason}{kind}s: {refusal}" : null) : null;

    /// <summary>Skips the test where this kernel forbids one of the programs that a load of the object would give it.</summary>
    public static void Permits(BpfObjectFile file)
    {
        if (file.Programs.Where(program => program.AutoLoad).Select(RefusalOf).FirstOrDefault(refusal => refusal is not null) is { } first) Assert.Skip(first);
    }

    /// <summary>Leaves out of an object's load what this kernel forbids; skips the test when nothing remains.</summary>
    public static void LeaveOutForbidden(BpfObjectFile file)
    {
        List<string> refusals = [];
        foreach (BpfProgramDefinition program in file.Programs.Where(program => program.AutoLoad))
        {
            if (RefusalOf(program) is not { } refusal) continue;
            program.AutoLoad = false;
            refusals.Add(refusal);
        }

        if (refusals.Count > 0 && !file.Programs.Any(program => program.AutoLoad)) Assert.Skip(refusals[0]);
    }

    /// <summary>How this kernel refuses a program, or null when its policy does not.</summary>
    public static string? RefusalOf(BpfProgramDefinition program) =>
        RefusalOf(program.Type, program.ExpectedAttachType, program.Type is BpfProgramType.Tracing or BpfProgramType.Lsm ? program.AttachTarget : null);

    /// <summary>How this kernel refuses a hook, or null when its policy does not.</summary>
    public static string? RefusalOf(BpfProgramType type, BpfAttachType attachType = 0, string? target = null)
    {
        if (!MayAsk) return null;
        return Answers.GetOrAdd((type, attachType, target ?? ""), hook =>
        {
            string? refusal = HookTrial.Run(hook.Item1, hook.Item2, hook.Item3);
            return refusal is null ? null : $"{Reason}{hook.Item1} programs{(hook.Item2 == 0 ? "" : $" of {hook.Item2}")}{(hook.Item3.Length == 0 ? "" : $" for '{hook.Item3}'")}: {refusal}";
        });
    }
}
