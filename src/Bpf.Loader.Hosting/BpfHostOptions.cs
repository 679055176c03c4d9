using System;
using System.Collections.Generic;
using System.Runtime.Versioning;

namespace Bpf.Loader.Hosting;

/// <summary>How a host loads and attaches an object.</summary>
[SupportedOSPlatform("linux")]
public sealed class BpfHostOptions
{
    internal List<Action<BpfObjectFile>> Configurations { get; } = [];

    internal List<Action<BpfObject>> LoadedActions { get; } = [];

    internal Dictionary<string, string> DropVariables { get; } = [];

    /// <summary>How the object file is read; null for the default.</summary>
    public BpfOpenOptions? Open { get; set; }

    /// <summary>How the object is loaded. What <see cref="BpfLoadOptions.OnDiagnostic"/> is told, the log is told too.</summary>
    public BpfLoadOptions Load { get; set; } = new();

    /// <summary>How its programs are attached; null for the default, in which the first refusal stops the host's start.</summary>
    public BpfAttachAllOptions? Attach { get; set; }

    /// <summary>Whether the programs are attached, by their section names, when the host starts. True unless set.</summary>
    public bool AutoAttach { get; set; } = true;

    /// <summary>
    /// Whether the kernel counts how often and how long programs run, for the metrics. It costs each run of each program of the
    /// system some ten nanoseconds, and needs Linux 5.8 and CAP_SYS_ADMIN; what is missing is logged, and the host goes on without.
    /// </summary>
    public bool RunTimeStatistics { get; set; }

    /// <summary>
    /// Up to how many entries a map may have for its entries to be counted each time that metrics are collected. The kernel keeps no
    /// count, so the keys are walked: about half a microsecond each. 0 counts none; 10 000 unless set.
    /// </summary>
    public int CountEntriesUpTo { get; set; } = 10_000;

    /// <summary>
    /// How long the readers of events go on after the programs are detached, at most, to hand over what is in the buffers already;
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for as long as the host lets them.
    /// </summary>
    public TimeSpan DrainTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Changes the description before it is loaded: constants, map sizes, which programs are loaded, attach targets.</summary>
    /// <param name="configure">Called once, with the opened file.</param>
    /// <returns>These options.</returns>
    public BpfHostOptions Configure(Action<BpfObjectFile> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        Configurations.Add(configure);
        return this;
    }

    /// <summary>Does something between load and attach, when no program runs yet: fills maps, attaches what no section name can say.</summary>
    /// <param name="action">Called once, with the loaded object.</param>
    /// <returns>These options.</returns>
    public BpfHostOptions OnLoaded(Action<BpfObject> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        LoadedActions.Add(action);
        return this;
    }

    /// <summary>
    /// Tells which global variable counts the events that found a ring buffer full. The kernel does not count them: a program does,
    /// where <c>bpf_ringbuf_reserve</c> gives nothing.
    /// </summary>
    /// <param name="map">The name of the ring buffer.</param>
    /// <param name="variable">The name of the variable, of 4 or 8 bytes.</param>
    /// <returns>These options.</returns>
    public BpfHostOptions CountDrops(string map, string variable)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(variable);
        DropVariables[map] = variable;
        return this;
    }
}
