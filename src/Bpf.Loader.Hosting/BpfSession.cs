using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bpf.Loader.Hosting;

/// <summary>One object of the host: opened, loaded, attached and let go of, each once.</summary>
[SupportedOSPlatform("linux")]
internal sealed class BpfSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Func<BpfOpenOptions?, BpfObjectFile> _open;
    private readonly ILogger _logger;
    private readonly ConcurrentQueue<IBpfEventReader> _readers = new();
    private BpfObject? _object;
    private BpfLinkCollection? _links;
    private IDisposable? _statistics;
    private RingProbe[] _rings = [];
    private bool _disposed;

    public BpfSession(string name, Func<BpfOpenOptions?, BpfObjectFile> open, IOptionsMonitor<BpfHostOptions> options, ILogger logger)
    {
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

    /// <summary>The object if it is loaded; it does not load it.</summary>
    public BpfObject? Loaded => Volatile.Read(ref _object);

    /// <summary>The attached programs, once they are, until they are detached.</summary>
    public BpfLinkCollection? Links => Volatile.Read(ref _links);

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
        if (!Options.AutoAttach) return;
        try
        {
            BpfLinkCollection links = loaded.AttachAll(Options.Attach);
            Volatile.Write(ref _links, links);
            foreach (BpfAttachedProgram attached in links) Log.Attached(_logger, attached.Name, attached.Link.Target);
            foreach (BpfAttachFailure failure in links.Failures) Log.AttachFailed(_logger, failure.Error, failure.Name);
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
        BpfLinkCollection? links = Interlocked.Exchange(ref _links, null);
        Interlocked.Exchange(ref _statistics, null)?.Dispose();
        if (links is null) return;
        links.Dispose();
        Log.Detached(_logger, Name, links.Count);
    }

    /// <summary>The events that were dropped so far: by ring buffers as the program counts them, by perf buffers as the kernel does.</summary>
    public IEnumerable<DropCount> Drops()
    {
        if (Loaded is not { } loaded) yield break;
        foreach ((string map, string name) in Options.DropVariables)
        {
            BpfVariable variable = loaded.Globals[name];
            yield return new DropCount(map, variable.Size == sizeof(uint) ? variable.Get<uint>() : variable.Get<long>());
        }

        foreach (IBpfEventReader reader in Readers)
        {
            if (reader.Lost is long lost) yield return new DropCount(reader.Map, lost);
        }
    }

    public void Dispose()
    {
        Detach();
        lock (_lock)
        {
            _disposed = true;
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
            foreach (Action<BpfObjectFile> configure in Options.Configurations) configure(file);
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
