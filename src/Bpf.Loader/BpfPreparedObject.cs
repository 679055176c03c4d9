using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Loading;

namespace Bpf.Loader;

/// <summary>
/// An object on half of its way into the kernel: its maps are there, and its programs are not. <see cref="Load"/> goes on; disposing it
/// without takes the maps back, and the pins that they got by their definitions; those that the caller makes meanwhile stay.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class BpfPreparedObject : IDisposable
{
    private readonly LoadContext _context;
    private bool _isOver;

    internal BpfPreparedObject(LoadContext context)
    {
        _context = context;
        Maps = new BpfNamedCollection<BpfMap>(
            "map", [.. context.File.Maps.Where(context.Maps.ContainsKey).Select(definition => (definition.Name, definition.SectionName, context.Maps[definition]))]);
    }

    /// <summary>The name of the object.</summary>
    public string Name => _context.File.Name;

    /// <summary>The maps that were created or found, those of global variables included. They go on to be those of the loaded object.</summary>
    public BpfNamedCollection<BpfMap> Maps { get; }

    /// <summary>What was found so far that did not stop the load.</summary>
    public IReadOnlyList<BpfFinding> Diagnostics => _context.Diagnostics;

    /// <summary>Loads the programs. What fails takes the maps back too.</summary>
    /// <returns>The loaded object; disposing it unloads what nothing else holds.</returns>
    /// <exception cref="InvalidOperationException">They were loaded before.</exception>
    /// <exception cref="ObjectDisposedException">Everything was taken back.</exception>
    /// <inheritdoc cref="BpfObjectFile.Load" path="/exception"/>
    /// <remarks>CAP_BPF, and CAP_PERFMON or CAP_NET_ADMIN by the type of program; CAP_SYS_ADMIN before Linux 5.8.</remarks>
    public BpfObject Load()
    {
        if (_context.IsHandedOver) throw new InvalidOperationException($"The programs of '{Name}' are loaded already: an object is prepared once for each load.");
        ObjectDisposedException.ThrowIf(_isOver, this);
        try
        {
            return ObjectLoader.Finish(_context);
        }
        finally
        {
            Dispose();
        }
    }

    /// <summary>Takes everything back that was made, unless the programs were loaded: then it belongs to the loaded object.</summary>
    public void Dispose()
    {
        if (_isOver) return;
        _isOver = true;
        _context.Dispose();
    }

    /// <summary>Name, and how much of what it holds.</summary>
    public override string ToString() => $"{Name}: {Maps.Count} maps, and no program yet";
}
