using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Logging;
using Bpf.Loader.Objects;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bpf.Loader.Hosting;

/// <summary>One object of the host: opened, loaded, attached and let go of, each once.</summary>
[SupportedOSPlatform("linux")]
internal sealed class BpfSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Func<BpfOpenOptions?, BpfObjectFile> _open;
    private readonly ILogger _logger;
    private readonly Func<string, ILogger> _createLogger;
    private readonly ConcurrentQueue<IBpfEventReader> _readers = new();
    private BpfObject? _object;
    private HostLinks? _links;
    private IDisposable? _statistics;
    private List<PendingMigration> _migrations = [];
    private string[] _automatic = [];
    private RingProbe[] _rings = [];
    private bool _disposed;

    public BpfSession(
        string name, Func<BpfOpenOptions?, BpfObjectFile> open, IOptionsMonitor<BpfHostOptions> options, ILogger logger, Func<string, ILogger> createLogger)
    {
        _createLogger = createLogger;
        Name = name;
        _open = open;
        Options = options.Get(name);
        _logger = logger;
    }

    /// <summary>What the options are called, and the key of the services.</summary>
    public string Name { get; }

    public BpfHostOptions Options { get; }

    /// <summary>The readers of its events.</summary>
    public IReadOnlyCollection<IBpfEventReader> Readers => _readers;

    /// <summary>Its ring buffers, once it is loaded.</summary>
    public IReadOnlyList<RingProbe> Rings => Volatile.Read(ref _rings);

    /// <summary>What is told what the programs log.</summary>
    public ILogger ProgramLogger { get; private set; } = NullLogger.Instance;

    /// <summary>The object if it is loaded; it does not load it.</summary>
    public BpfObject? Loaded => Volatile.Read(ref _object);

    /// <summary>The attached programs, once they are, until they are detached.</summary>
    public HostLinks? Links => Volatile.Read(ref _links);

    /// <summary>The loaded object. The first who asks loads it: services that want it may be made before the host starts.</summary>
    public BpfObject Object
    {
        get
        {
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (_object is not null) return _object;
                BpfObject loaded = Load();
                _rings = OpenRings(loaded);
                return _object = loaded;
            }
        }
    }

    /// <summary>Makes a reader known to the metrics.</summary>
    public void AddReader(IBpfEventReader reader) => _readers.Enqueue(reader);

    /// <summary>Loads if nobody has, and attaches.</summary>
    public void Start()
    {
        BpfObject loaded = Object;
        if (Options.RunTimeStatistics) EnableStatistics();
        try
        {
            foreach (PendingMigration migration in _migrations) migration.Copy(loaded);
            HostLinks links = HostLinks.Attach(loaded, _automatic, Options, _logger);
            Volatile.Write(ref _links, links);
            CompleteMigrations();
        }
        catch (BpfException error)
        {
            Log.AttachRefused(_logger, error, Name);
            throw;
        }
    }

    /// <summary>Detaches. The maps can still be read.</summary>
    public void Detach()
    {
        HostLinks? links = Interlocked.Exchange(ref _links, null);
        Interlocked.Exchange(ref _statistics, null)?.Dispose();
        if (links is null) return;
        int count = links.Count;
        links.Dispose();
        if (Options.LinkPins is { } folder) Log.LeftAttached(_logger, Name, count, folder);
        else Log.Detached(_logger, Name, count);
        foreach (DropCount drop in CountedDrops())
            Log.Dropped(_logger, drop.Count > 0 ? LogLevel.Warning : LogLevel.Information, drop.Map, drop.Count);
    }

    /// <summary>The events that were dropped so far: by ring buffers as the program counts them, by perf buffers as the kernel does.</summary>
    public IEnumerable<DropCount> Drops()
    {
        foreach (DropCount drop in CountedDrops()) yield return drop;
        foreach (IBpfEventReader reader in Readers)
        {
            if (reader.Lost is long lost) yield return new DropCount(reader.Map, lost);
        }
    }

    private IEnumerable<DropCount> CountedDrops() =>
        Loaded is { } loaded ? Options.DropCounters.Select(counter => new DropCount(counter.Map(loaded), counter.Read(loaded))) : [];

    public void Dispose()
    {
        Detach();
        lock (_lock)
        {
            _disposed = true;
            foreach (PendingMigration migration in _migrations) migration.Dispose();
            foreach (RingProbe ring in Interlocked.Exchange(ref _rings, [])) ring.Dispose();
            Interlocked.Exchange(ref _object, null)?.Dispose();
        }
    }

    // A ring that overwrites has no backlog to speak of.
    private static RingProbe[] OpenRings(BpfObject loaded) =>
    [
        .. loaded.Maps
            .Where(map => map.Type == BpfMapType.RingBuf && (map.Flags & BpfMapFlags.RingBufOverwrite) == 0)
            .Select(map => new RingProbe(map)),
    ];

    private BpfObject Load()
    {
        BpfLoadOptions options = Options.Load;
        Action<BpfFinding>? told = options.OnDiagnostic;
        try
        {
            BpfObjectFile file = _open(Options.Open);
            PrepareLog(file);
            foreach (Action<BpfObjectFile> configure in Options.Configurations) configure(file);
            foreach (MapMigration migration in Options.Migrations)
            {
                if (migration.Prepare(file) is { } pending) _migrations.Add(pending);
            }

            _automatic = [.. file.Programs.Where(static program => program.AutoAttach).Select(static program => program.Name)];
            BpfObject loaded = file.Load(options with
            {
                OnDiagnostic = diagnostic =>
                {
                    told?.Invoke(diagnostic);
                    Log.Diagnostic(_logger, diagnostic);
                },
            });
            try
            {
                foreach (Action<BpfObject> action in Options.LoadedActions) action(loaded);
            }
            catch
            {
                loaded.Dispose();
                throw;
            }

            Log.Loaded(_logger, loaded.Name, loaded.Programs.Count, loaded.Maps.Count);
            return loaded;
        }
        catch (BpfVerifierException error)
        {
            Log.LoadRefused(_logger, error, Name);
            Log.VerifierLog(_logger, error.ProgramName, error.Log);
            throw;
        }
        catch (BpfLoaderException error)
        {
            Log.LoadRefused(_logger, error, Name);
            throw;
        }
    }

    // What the host's log does not take, the verifier takes out of the programs.
    private void PrepareLog(BpfObjectFile file)
    {
        if (!Options.ForwardLog || BpfLog.ReadSites(file).Count == 0) return;
        ProgramLogger = _createLogger($"Bpf.Loader.Log.{file.Name}");
        if (file.Globals.TryGet(BpfLog.LevelVariable, out BpfGlobal? level) && level.Size == sizeof(uint)) level.Set(BpfLogState.Threshold(ProgramLogger));
    }

    private void CompleteMigrations()
    {
        foreach (PendingMigration migration in _migrations) migration.Complete(_logger);
        _migrations = [];
    }

    private void EnableStatistics()
    {
        try
        {
            _statistics = BpfRunStatistics.Enable();
        }
        catch (BpfException error)
        {
            Log.NoStatistics(_logger, error);
        }
    }
}
