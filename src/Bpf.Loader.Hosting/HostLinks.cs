using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Links.Info;
using Microsoft.Extensions.Logging;

namespace Bpf.Loader.Hosting;

/// <summary>The links of an object of the host: attached, watched, attached again and detached.</summary>
[SupportedOSPlatform("linux")]
internal sealed class HostLinks : IDisposable
{
    private readonly Lock _lock = new();
    private readonly List<HostLink> _links = [];
    private readonly BpfObject _loaded;
    private readonly BpfHostOptions _options;
    private readonly LinkPins? _pins;
    private readonly ILogger _logger;
    private readonly List<TargetLinks> _rules = [];
    private readonly SemaphoreSlim _news = new(0, 1);
    private bool _started;
    private bool _disposed;

    private HostLinks(BpfObject loaded, BpfHostOptions options, ILogger logger)
    {
        (_loaded, _options, _logger) = (loaded, options, logger);
        if (options.LinkPins is { } directory) _pins = new LinkPins(directory);
    }

    /// <summary>The programs that are attached to nothing, because nothing says to what.</summary>
    public IReadOnlyList<string> PassedOver { get; private set; } = [];

    /// <summary>How many are attached.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _links.Count(static link => link is { Link: not null, Death: null });
        }
    }

    /// <summary>A link that is attached.</summary>
    public BpfLink this[string name]
    {
        get
        {
            lock (_lock) return _links.Find(link => link.Name == name)?.Link ?? throw new KeyNotFoundException($"'{name}' is not attached.");
        }
    }

    /// <summary>Attaches what the options name, and then what section names say: all of it or, unless told to go on, nothing.</summary>
    /// <param name="loaded">The object.</param>
    /// <param name="automatic">The programs of the object that section names may attach.</param>
    /// <param name="options">What is named, and how.</param>
    /// <param name="logger">Is told.</param>
    /// <exception cref="BpfException">The kernel refused.</exception>
    public static HostLinks Attach(BpfObject loaded, IEnumerable<string> automatic, BpfHostOptions options, ILogger logger)
    {
        var links = new HostLinks(loaded, options, logger);
        try
        {
            var done = new HashSet<string>();
            foreach (AttachRule rule in options.AttachRules) done.Add(links.AttachRuled(rule));
            foreach (AttachEachRule rule in options.AttachEachRules) done.Add(links.AttachEach(rule));
            if (options.AutoAttach) links.AttachAutomatic(automatic, done);
        }
        catch
        {
            foreach (TargetLinks rule in links._rules) rule.Dispose();
            for (int i = links._links.Count - 1; i >= 0; i--) links._links[i].Undo();
            throw;
        }

        foreach (HostLink link in links._links) link.Settle();
        links.RemoveOtherPins();
        links._started = true;
        return links;
    }

    /// <summary>Looks at all of them, those that are not attached included.</summary>
    public IReadOnlyList<LinkState> Look()
    {
        lock (_lock)
        {
            return
            [
                .. _links.Select(static link => new LinkState(link.Name, link.Death, link.Refusal, link.LostPin)),
                .. _rules.Where(static rule => rule.Failure is not null).Select(static rule => new LinkState(rule.Name, null, rule.Failure, null)),
            ];
        }
    }

    /// <summary>Whether targets of rules come and go.</summary>
    public bool HasRules => _rules.Count > 0;

    /// <summary>Waits until targets of rules came or went.</summary>
    /// <returns>False when the time was over first.</returns>
    public Task<bool> WaitForTargetsAsync(TimeSpan limit, CancellationToken stop) => _news.WaitAsync(limit, stop);

    /// <summary>Attaches to targets of rules that are new, and ends the links to those that are gone.</summary>
    /// <param name="all">Whether all rules are looked at, and not only those of which there is news.</param>
    public void Follow(bool all)
    {
        lock (_lock)
        {
            if (_disposed) return;
            foreach (TargetLinks rule in _rules)
            {
                if (rule.TakeNews() || all) Follow(rule);
            }
        }
    }

    /// <summary>Tells of the links that are gone, once each, and attaches again what is to be attached again.</summary>
    public void Watch()
    {
        Follow(all: true);
        lock (_lock)
        {
            if (_disposed) return;
            foreach (HostLink link in _links)
            {
                if (link.Vanish() is { } death) Log.Vanished(_logger, link.Name, death.Reason);
                if (link.IsWaiting) AttachTarget(link);
                else if (_options.Reattach && link.Link is null) AttachAgain(link);
            }
        }
    }

    /// <summary>Detaches all that are not pinned, the last first.</summary>
    public void Dispose()
    {
        // Not within the lock: a watch waits for what it is telling.
        foreach (TargetLinks rule in _rules) rule.Dispose();
        lock (_lock)
        {
            _disposed = true;
            for (int i = _links.Count - 1; i >= 0; i--) _links[i].Dispose();
        }
    }

    /// <summary>Adds a link to a target of a rule, which is not attached yet.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="program">The program.</param>
    /// <param name="attach">Attaches it; gives null for later.</param>
    /// <param name="exists">Whether the target is there.</param>
    /// <param name="isTo">Whether a link is to this target; true where that cannot be told.</param>
    internal HostLink Add(string name, BpfProgram program, Func<BpfProgram, BpfLink?> attach, Func<bool> exists, Func<BpfLinkInfo, bool> isTo)
    {
        string? pin = _pins?.PathOf(name);
        if (pin is not null && !_started) LinkPins.RemoveUnless(pin, isTo);
        var added = new HostLink(name, program.GetInfo().Id, Attach, exists);
        _links.Add(added);
        return added;

        // It is attached to nothing while this runs, so that one of its name that is, is another's.
        BpfLink? Attach()
        {
            if (_links.Exists(link => link.Name == name && link.Link is not null))
                throw new InvalidOperationException($"Another target is called '{name}', and is attached to: give targets that are not equal texts that are not (ToString).");
            return pin is null ? attach(program) : LinkPins.Attach(program, pin, attach, mayTakeOver: !_started);
        }
    }

    /// <summary>Attaches to a target of a rule, if that is possible yet.</summary>
    internal void AttachTarget(HostLink link)
    {
        try
        {
            AttachFirst(link, _started ? null : _pins?.PathOf(link.Name));
        }
        catch (Exception error) when (error is not OutOfMemoryException && (_started || _options.ContinueOnError || !link.TargetExists))
        {
            // Whatever the user's own code throws; and what went meanwhile cannot be attached to, which is nobody's fault.
            if (link.TargetExists && link.Refuse(error)) Log.NotAttachedAgain(_logger, error, link.Name, _options.WatchInterval);
        }
    }

    /// <summary>Ends a link whose target is gone.</summary>
    internal void Drop(HostLink link)
    {
        _links.Remove(link);
        bool wasAttached = link.Link is not null;
        link.Drop();
        if (wasAttached) Log.TargetGone(_logger, link.Name);
    }

    private void Follow(TargetLinks rule)
    {
        try
        {
            rule.Follow();
            rule.Failure = null;
        }
        catch (Exception error) when (_started && error is not OutOfMemoryException)
        {
            if (rule.Failure?.Message != error.Message) Log.TargetsUnknown(_logger, error, rule.Name, rule.Targets);
            rule.Failure = error;
        }
    }

    private string AttachEach(AttachEachRule rule)
    {
        TargetLinks links = rule.Start(this, _loaded, TellNews);
        _rules.Add(links);
        if (_rules.Exists(other => other != links && other.Name == links.Name))
            throw new InvalidOperationException($"Two rules attach links called '{links.Name}': give one of them another name where it is attached.");
        if (links.Silence is not null && _options.WatchInterval == Timeout.InfiniteTimeSpan)
            throw new InvalidOperationException($"'{links.Name}' is to be attached to each of the {links.Targets}, of which nothing tells here ({links.Silence}), and WatchInterval says that nobody looks: set it.");
        Follow(links);
        Log.Follows(_logger, links.Name, links.Targets, links.Silence is null ? "they come and go" : $"looking every {_options.WatchInterval}, since {links.Silence}");
        return rule.Program(_loaded).Name;
    }

    // Those of targets that went while no host ran. Only now: had anything been refused, all would have stayed as it was.
    private void RemoveOtherPins()
    {
        foreach (TargetLinks rule in _rules) _pins?.RemoveOthers(rule.Name, _links.Select(static link => link.Name));
    }

    private void TellNews()
    {
        try
        {
            _news.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is known already.
        }
    }

    private string AttachRuled(AttachRule rule)
    {
        BpfProgram program = rule.Program(_loaded);
        string name = rule.Name ?? program.Name;
        if (_links.Exists(link => link.Name == name))
            throw new InvalidOperationException($"Two links are called '{name}': give one of them another name where it is attached.");
        AttachNamed(name, program, rule.Attach);
        return program.Name;
    }

    private void AttachNamed(string name, BpfProgram program, Func<BpfProgram, BpfLink> attach)
    {
        string? pin = _pins?.PathOf(name);
        HostLink added = Add(name, program, pin is null ? () => attach(program) : () => program.AttachPinned(pin, attach));
        try
        {
            AttachFirst(added, pin);
        }
        catch (BpfLoaderException error) when (_options.ContinueOnError)
        {
            added.Refuse(error);
            Log.AttachFailed(_logger, error, name);
        }
    }

    // By the pin of a host before, if there is one.
    private void AttachFirst(HostLink link, string? pin)
    {
        bool isTakenOver = pin is not null && link.TakeOver(pin);
        if (pin is null) link.Attach(); // as taking over does, whether anything was pinned or not
        if (isTakenOver) Log.TakenOver(_logger, link.Name, pin, link.Link!.Target);
        else if (link.Link is { } attached) Log.Attached(_logger, link.Name, attached.Target);
    }

    private void AttachAutomatic(IEnumerable<string> automatic, HashSet<string> done)
    {
        // Those that are pinned say so: to attach them by their section names, to look what comes of it, would be too late.
        if (_pins is not null)
        {
            foreach (string name in automatic)
            {
                if (done.Contains(name) || !_loaded.Programs.TryGet(name, out BpfProgram? program) || !_pins.Has(name)) continue;
                AttachNamed(name, program, static program => program.Attach());
                done.Add(name);
            }
        }

        BpfLinkCollection attached = _loaded.AttachAll(new BpfAttachAllOptions { ContinueOnError = _options.ContinueOnError, Except = done });
        foreach ((string name, BpfLink link) in attached) AddAutomatic(name).Take(link);
        foreach (BpfAttachFailure failure in attached.Failures)
        {
            AddAutomatic(failure.Name).Refuse(failure.Error);
            Log.AttachFailed(_logger, failure.Error, failure.Name);
        }

        foreach ((string name, BpfLink link) in attached)
        {
            if (_pins is not null && _loaded.Programs.TryGet(name, out _)) link.Pin(_pins.PathOf(name));
            Log.Attached(_logger, name, link.Target);
        }

        // Those that tail calls reach are passed over as well, and rightly: of them there is no warning.
        HashSet<string?> warned = [.. attached.Diagnostics.Where(static finding => finding is { Id: BpfDiagnosticId.ProgramPassedOver, Severity: BpfSeverity.Warning }).Select(static finding => finding.Place.Symbol)];
        PassedOver = [.. attached.PassedOver.Select(static program => program.Name).Where(warned.Contains)];
    }

    // A struct_ops map is no program, and its callbacks are several.
    private HostLink AddAutomatic(string name)
    {
        if (!_loaded.Programs.TryGet(name, out BpfProgram? program)) return Add(name, null, () => _loaded.AttachStructOps(name));
        string? pin = _pins?.PathOf(name);
        return Add(name, program, pin is null ? program.Attach : () => program.AttachPinned(pin, static program => program.Attach()));
    }

    private HostLink Add(string name, BpfProgram? program, Func<BpfLink> attach)
    {
        var added = new HostLink(name, program?.GetInfo().Id ?? 0, attach);
        _links.Add(added);
        return added;
    }

    private void AttachAgain(HostLink link)
    {
        try
        {
            Log.AttachedAgain(_logger, link.Name, link.Attach()!.Target);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Whatever the user's own code throws, the other links are watched all the same.
            if (link.Refuse(error)) Log.NotAttachedAgain(_logger, error, link.Name, _options.WatchInterval);
        }
    }
}
