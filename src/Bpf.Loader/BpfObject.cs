using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Loading;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

/// <summary>
/// A loaded object: its maps and programs in the kernel. Disposing it closes them all; what links, pins or other processes hold
/// goes on.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed partial class BpfObject : IDisposable
{
    private readonly FileDescriptorHandle? _btf;
    private readonly IReadOnlyList<IDisposable> _mappings;
    private readonly Dictionary<BpfMapDefinition, Lazy<MappedGlobals>> _sections = [];
    private readonly Dictionary<BpfMapDefinition, Lazy<MappedArena>> _arenas = [];
    private readonly IReadOnlyDictionary<BpfMapDefinition, StructOpsImage> _structOps;
    private readonly KernelFeatures? _features;

    internal BpfObject(LoadContext context)
    {
        File = context.File;
        _btf = context.Btf;
        _mappings = context.Mappings;
        _structOps = context.StructOps;
        _features = context.Token is null ? context.Features : null;
        Findings = new Findings(context.Diagnostics, context.Options.OnDiagnostic);
        VerifierLogs = context.Logs;
        Maps = new BpfNamedCollection<BpfMap>(
            "map", [.. File.Maps.Where(context.Maps.ContainsKey).Select(definition => (definition.Name, definition.SectionName, context.Maps[definition]))]);
        Programs = new BpfNamedCollection<BpfProgram>(
            "program", [.. File.Programs.Where(context.Programs.ContainsKey).Select(definition => (definition.Name, "", context.Programs[definition]))]);
        foreach (BpfProgram program in Programs) program.Owner = this;
        foreach (BpfMap map in BufferWriters.FindUnwritten(context)) map.Unwritten = Findings;
        foreach (BpfMapDefinition definition in File.Maps)
        {
            if (!context.Maps.TryGetValue(definition, out BpfMap? map)) continue;
            if (definition.IsInternal) _sections.Add(definition, new Lazy<MappedGlobals>(() => MappedGlobals.Open(map)));
            if (definition.Type != BpfMapType.Arena) continue;
            ulong globals = (ulong)MapContents.ArenaOffset(context, definition);
            _arenas.Add(definition, new Lazy<MappedArena>(() => MappedArena.Open(map, globals)));
        }

        // What is static in a file does not hide what all files of a linked object know by that name.
        Globals = new BpfNamedCollection<BpfVariable>(
            "variable", [.. File.Globals.Where(global => _sections.ContainsKey(global.Map)).OrderBy(static global => global.IsStatic).Select(global => (global.Name, "", new BpfVariable(global, _sections[global.Map])))]);
    }

    /// <summary>The name of the object.</summary>
    public string Name => File.Name;

    /// <summary>The maps that were created or found, those of global variables included.</summary>
    public BpfNamedCollection<BpfMap> Maps { get; }

    /// <summary>The programs that were loaded.</summary>
    public BpfNamedCollection<BpfProgram> Programs { get; }

    /// <summary>The global variables of the maps that were created.</summary>
    public BpfNamedCollection<BpfVariable> Globals { get; }

    /// <summary>What was found that did not stop the load, and since then when programs were attached and buffers opened.</summary>
    public IReadOnlyList<BpfFinding> Diagnostics => Findings.All;

    /// <summary>The verifier's logs by program, when <see cref="BpfLoadOptions.VerifierLogLevel"/> asked for them.</summary>
    public IReadOnlyDictionary<string, string> VerifierLogs { get; }

    /// <summary>The description that was loaded; changing it changes nothing any more.</summary>
    internal BpfObjectFile File { get; }

    /// <summary>Where findings about the object go.</summary>
    internal Findings Findings { get; }

    /// <summary>Whether programs are told a cookie, as they were when the object was loaded. Kernels with tokens (6.9) have cookies.</summary>
    internal bool HasCookies => _features is null || _features.Expects(KernelFeature.BpfCookie);

    /// <summary>Closes all maps and programs.</summary>
    public void Dispose()
    {
        foreach (IDisposable mapping in _mappings) mapping.Dispose();
        foreach (Lazy<MappedGlobals> section in _sections.Values)
        {
            if (section.IsValueCreated) section.Value.Dispose();
        }

        foreach (Lazy<MappedArena> arena in _arenas.Values)
        {
            if (arena.IsValueCreated) arena.Value.Dispose();
        }

        foreach (BpfProgram program in Programs) program.Dispose();
        foreach (BpfMap map in Maps) map.Dispose();
        _btf?.Dispose();
    }

    /// <summary>Name, and how much of what it holds.</summary>
    public override string ToString() => $"{Name}: {Programs.Count} programs, {Maps.Count} maps";

    /// <summary>The value that a struct_ops map takes when it is attached.</summary>
    internal ReadOnlyMemory<byte> GetStructOpsValue(string map) => _structOps.First(entry => entry.Key.Name == map).Value.Value;
}
