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

    internal List<AttachRule> AttachRules { get; } = [];

    internal List<AttachEachRule> AttachEachRules { get; } = [];

    internal List<DropCounter> DropCounters { get; } = [];

    internal List<MapMigration> Migrations { get; } = [];

    internal string? LinkPins { get; private set; }

    /// <summary>How the object file is read; null for the default.</summary>
    public BpfOpenOptions? Open { get; set; }

    /// <summary>How the object is loaded. What <see cref="BpfLoadOptions.OnDiagnostic"/> is told, the log is told too.</summary>
    public BpfLoadOptions Load { get; set; } = new();

    /// <summary>
    /// Whether the programs are attached, by their section names, when the host starts. True unless set. A program that the builder's
    /// <c>Attach</c> names is attached as that says, and not by its section name too.
    /// </summary>
    public bool AutoAttach { get; set; } = true;

    /// <summary>
    /// True to go on without what cannot be attached, with a warning, and degraded as long as it lasts; false, the default, to let the
    /// first refusal stop the host's start.
    /// </summary>
    public bool ContinueOnError { get; set; }

    /// <summary>
    /// Whether to attach again what is not attached any more, as when a network device went away and came back, and what could not be
    /// attached at the start. It is tried every <see cref="WatchInterval"/>, in the network namespace of the process.
    /// </summary>
    public bool Reattach { get; set; }

    /// <summary>
    /// How often it is looked whether the links still are what they were: one system call a link. The log is told once of each that is
    /// gone. A second unless set; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for never. Targets of rules are looked for at
    /// that pace, too, beside being followed as soon as the kernel tells of them.
    /// </summary>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether the kernel counts how often and how long programs run, for the metrics. It costs each run of each program of the
    /// system some ten nanoseconds, and needs Linux 5.8 and CAP_SYS_ADMIN; what is missing is logged, and the host goes on without.
    /// </summary>
    public bool RunTimeStatistics { get; set; }

    /// <summary>
    /// Whether what the programs log with <c>bpf_log.h</c> goes to the host's log, as the category <c>Bpf.Loader.Log.OBJECT</c>. The levels
    /// that are enabled for it at the load are those that the programs have (the variable <c>bpf_log_level</c>, which
    /// <see cref="Configure"/> may set otherwise). True unless set.
    /// </summary>
    public bool ForwardLog { get; set; } = true;

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

    /// <summary>Does something between load and attach, when no program runs yet: fills maps, for example.</summary>
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
    /// where <c>bpf_ringbuf_reserve</c> gives nothing. The log is told the count at the stop, too.
    /// </summary>
    /// <param name="map">The name of the ring buffer.</param>
    /// <param name="variable">The name of the variable, of 4 or 8 bytes.</param>
    /// <returns>These options.</returns>
    public BpfHostOptions CountDrops(string map, string variable)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(variable);
        DropCounters.Add(DropCounter.OfVariable(map, variable));
        return this;
    }

    /// <summary>
    /// Pins the links, each by its name below a folder, so that they stay when the host stops. The next host's programs take the places
    /// of those that run, without a moment in which none or both do, where the kernel can do that: of links of cgroups, network namespaces
    /// and devices. Of others both run for a moment.
    /// </summary>
    /// <param name="directory">
    /// A folder on a file system of type bpf, of this object alone; made when it is missing. Dots in names become <c>_</c>.
    /// </param>
    /// <returns>These options.</returns>
    /// <remarks>
    /// What is pinned there and is the link of another program stops the start, and is left alone. The name of a link stands for its
    /// target: give a link that goes elsewhere another name. Registrations of struct_ops end with the host all the same. CAP_SYS_ADMIN.
    /// </remarks>
    public BpfHostOptions PinLinks(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        LinkPins = directory;
        return this;
    }

    /// <summary>
    /// Takes over what a pinned map holds whose values were of another struct: at the start the entries are converted one by one into a
    /// new map, the programs take the places of the old ones, and then the new map takes the pin of the old, in one step. Where anything
    /// fails before, the old map and its programs go on as they were.
    /// </summary>
    /// <typeparam name="TOld">The struct of the pinned map.</typeparam>
    /// <typeparam name="TNew">The struct of the object's map.</typeparam>
    /// <param name="map">The name of the map in the object, which is pinned by its definition.</param>
    /// <param name="convert">Makes a new value of an old one; of maps for each CPU, of the value of each.</param>
    /// <returns>These options.</returns>
    /// <remarks>
    /// What programs of the old version write into an entry after it was converted, until they are replaced, stays in the old map: there
    /// is a warning when that happened. A pinned map of any other size is refused as ever.
    /// </remarks>
    public BpfHostOptions MigrateMap<TOld, TNew>(string map, Func<TOld, TNew> convert)
        where TOld : unmanaged
        where TNew : unmanaged
    {
        ArgumentException.ThrowIfNullOrEmpty(map);
        ArgumentNullException.ThrowIfNull(convert);
        Migrations.Add(MapMigration.Of(map, convert));
        return this;
    }
}
