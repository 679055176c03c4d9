using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Bpf.Loader.Interop;

/// <summary>What forbids things to a process that has the capabilities for them, as far as it can be seen: for hints, never to decide.</summary>
/// <param name="Seccomp">What <c>Seccomp:</c> is in the thread's status; null where that cannot be read.</param>
/// <param name="Lockdown">The kernel's <c>lockdown</c>, the mode in brackets; null where it cannot be read.</param>
/// <param name="Modules">The security modules that are active, with commas; null where they cannot be read.</param>
/// <param name="Label">What the security modules have labelled the thread; null where none has.</param>
internal sealed record Restrictions(string? Seccomp, string? Lockdown, string? Modules, string? Label)
{
    private const string SecurityFs = "/sys/kernel/security";

    // Those that have a say in bpf(2), perf events and capabilities; lockdown is looked at by itself.
    private static readonly string[] Judges = ["selinux", "apparmor", "smack", "bpf"];

    /// <summary>Looks at them.</summary>
    public static Restrictions Read() => new(
        ReadText("/proc/thread-self/status")?.Split('\n').FirstOrDefault(static line => line.StartsWith("Seccomp:", StringComparison.Ordinal))?[8..].Trim(),
        ReadText(SecurityFs + "/lockdown"),
        ReadText(SecurityFs + "/lsm"),
        ReadText("/proc/thread-self/attr/current"));

    /// <summary>What was looked at, what was found there, and what follows from it; a guess is said as one.</summary>
    /// <param name="opening">What is known before: by default, that it is not for want of a capability.</param>
    public string Describe(string opening = "The process has the capabilities.")
    {
        List<string> seen = [], unseen = [], guesses = [];
        switch (Seccomp)
        {
            case null:
                unseen.Add("seccomp (/proc/thread-self/status)");
                break;
            case "2":
                seen.Add("a seccomp filter is on this thread");
                guesses.Add("the filter");
                break;
            default:
                seen.Add("no seccomp filter");
                break;
        }

        if (Lockdown is null || Modules is null) unseen.Add($"lockdown and the security modules ({SecurityFs}, where securityfs is mounted)");
        if (Lockdown is { } lockdown)
        {
            string mode = Between(lockdown, '[', ']') ?? lockdown;
            seen.Add($"the kernel's lockdown is '{mode}'");
            if (mode != "none") guesses.Add("the lockdown");
        }

        if (Modules is { } modules)
        {
            string[] active = modules.Split(',');
            string[] judges = [.. active.Intersect(Judges)];
            seen.Add(judges.Length == 0 ? $"none of the security modules has a say in it ({string.Join(", ", active)})" : $"of the security modules, {string.Join(" and ", judges)} {(judges.Length == 1 ? "has" : "have")} a say in it{Confinement}");
            // AppArmor lets alone whom it does not confine.
            guesses.AddRange(judges.Where(judge => judge != "apparmor" || Label is not "unconfined").Select(static judge => $"the module {judge}"));
        }

        string looked = $"{opening} Looked at besides: {string.Join("; ", seen.Count == 0 ? ["nothing"] : seen)}.";
        string rest = unseen.Count == 0 ? "" : $" Not to be seen: {string.Join("; ", unseen)}.";
        string follows = guesses.Count switch
        {
            0 when unseen.Count == 0 => " So the kernel itself forbids it.",
            0 => " A guess: the kernel itself forbids it, or what cannot be seen.",
            _ => $" A guess: {string.Join(", or ", guesses)} forbids it.",
        };
        return looked + rest + follows;
    }

    private string Confinement => Label is null ? "" : $", and this thread is '{Label}' to them";

    private static string? Between(string text, char first, char last)
    {
        int start = text.IndexOf(first, StringComparison.Ordinal), end = text.IndexOf(last, StringComparison.Ordinal);
        return start >= 0 && end > start ? text[(start + 1)..end] : null;
    }

    private static string? ReadText(string path)
    {
        try
        {
            // Labels end with a NUL in some modules.
            return File.ReadAllText(path).Trim('\0', '\n', ' ') is { Length: > 0 } text ? text : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
