using System;
using System.Collections.Generic;
using System.Runtime.Versioning;

namespace Bpf.Loader.Links.Rules;

/// <summary>Rules that tell what programs are to be attached to, when it comes and goes: devices, processes, cgroups.</summary>
/// <remarks>In patterns <c>*</c> stands for any text and <c>?</c> for one character; nothing else is special.</remarks>
[SupportedOSPlatform("linux")]
public static class TargetRules
{
    /// <summary>The network devices of a name, as in <c>veth*</c>: those of the network namespace in which the watch begins.</summary>
    /// <param name="pattern">A pattern of the name, or of an alternative name (Linux 5.5).</param>
    public static TargetRule<DeviceTarget> Devices(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return new DeviceRule($"network devices '{pattern}'", device => device.IsNamed(pattern));
    }

    /// <summary>The network devices for which a condition holds.</summary>
    /// <param name="condition">Looks at a device; called on any thread, and often.</param>
    public static TargetRule<DeviceTarget> Devices(Func<DeviceTarget, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new DeviceRule("network devices", condition);
    }

    /// <summary>The processes that run a program, as in <c>node</c> or <c>/usr/lib/postgresql/*/bin/postgres</c>.</summary>
    /// <param name="pattern">
    /// With a <c>/</c> a pattern of the executable's path, as the process sees it; without, of its last part or of the process's name
    /// (<c>comm</c>, at most 15 bytes).
    /// </param>
    public static TargetRule<ProcessTarget> Processes(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return new ProcessRule($"processes '{pattern}'", process => process.Runs(pattern));
    }

    /// <summary>The processes for which a condition holds.</summary>
    /// <param name="condition">
    /// Looks at a process; called on any thread, and for each that begins or executes a program, when its libraries are not loaded yet.
    /// </param>
    public static TargetRule<ProcessTarget> Processes(Func<ProcessTarget, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new ProcessRule("processes", condition);
    }

    /// <summary>The cgroups of version 2 of a path, as in <c>/system.slice/*.service</c> or <c>/kubepods.slice/**/cri-*.scope</c>.</summary>
    /// <param name="pattern">
    /// A pattern of the path, as <c>/proc/PID/cgroup</c> has it, part for part; <c>**</c> stands for any number of parts, also for none.
    /// </param>
    public static TargetRule<CgroupTarget> Cgroups(string pattern)
    {
        ArgumentException.ThrowIfNullOrEmpty(pattern);
        return new CgroupRule($"cgroups '{pattern}'", new CgroupPattern(pattern), static _ => true);
    }

    /// <summary>The cgroups of version 2 for which a condition holds.</summary>
    /// <param name="condition">Looks at a cgroup; called on any thread, for every cgroup that there is.</param>
    public static TargetRule<CgroupTarget> Cgroups(Func<CgroupTarget, bool> condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return new CgroupRule("cgroups", new CgroupPattern("**"), condition);
    }

    /// <summary>Targets that nothing tells of: they are looked for each time that somebody asks.</summary>
    /// <typeparam name="TTarget">What a target is: equal values are the same target.</typeparam>
    /// <param name="what">What they are, for messages, as in "containers of the shop".</param>
    /// <param name="find">Gives those that are there; called on any thread.</param>
    public static TargetRule<TTarget> Of<TTarget>(string what, Func<IEnumerable<TTarget>> find)
        where TTarget : notnull
    {
        ArgumentException.ThrowIfNullOrEmpty(what);
        ArgumentNullException.ThrowIfNull(find);
        return new SearchRule<TTarget>(what, find);
    }
}
