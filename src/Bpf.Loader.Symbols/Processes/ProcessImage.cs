using System;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Symbols.Interop;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Loader.Symbols.Processes;

/// <summary>What a process had mapped when it was looked at last.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ProcessImage(int processId, Incarnation incarnation, Mapping[] mappings)
{
    private string? _perfMapPath;
    private string _root = "/";
    private uint _owner;
    private PerfMap? _perfMap;
    private long _perfMapTime = long.MinValue;

    /// <summary>Which process it is.</summary>
    public int ProcessId => processId;

    /// <summary>Which program it was.</summary>
    public Incarnation Incarnation => incarnation;

    /// <summary>What it had mapped as code, in order.</summary>
    public Mapping[] Mappings { get; private set; } = mappings;

    /// <summary>What was there before, of the same number or the same process; null when nothing is known.</summary>
    public ProcessImage? Previous { get; set; }

    /// <summary>When it was looked at, in milliseconds.</summary>
    public long Time { get; set; } = Environment.TickCount64;

    /// <summary>When it was asked for last.</summary>
    public long LastUse { get; set; }

    /// <summary>Whether it has ended, so that no more can be learnt of it.</summary>
    public bool HasEnded { get; set; }

    /// <summary>The path of a mapping as the process has it: one in a root of its own, but not in mounts of its own, is told to us as we see it.</summary>
    public string PathInRoot(string path) => _root.Length > 1 && path.StartsWith(_root, StringComparison.Ordinal) && path.Length > _root.Length && path[_root.Length] == '/' ? path[_root.Length..] : path;

    /// <summary>Looks at a process; null when it has ended.</summary>
    public static ProcessImage? Read(int processId)
    {
        if (Incarnation.Of(processId) is not Incarnation incarnation || ProcFile.Read(processId, "maps") is not byte[] maps) return null;
        var image = new ProcessImage(processId, incarnation, Mapping.ReadAll(maps));
        image.ReadStatus();
        return image;
    }

    /// <summary>Takes over what another look at the same program has found, and the binaries that were read.</summary>
    public void Update(ProcessImage other)
    {
        foreach (Mapping mapping in other.Mappings) mapping.Module = Find(mapping.Start) is Mapping old && old.IsSame(mapping) ? old.Module : null;
        (Mappings, Time) = (other.Mappings, other.Time);
    }

    /// <summary>The mapping that an address is in.</summary>
    public Mapping? Find(ulong address)
    {
        int low = 0, high = Mappings.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Mappings[middle].Start <= address) low = middle + 1;
            else high = middle;
        }

        return low > 0 && address < Mappings[low - 1].End ? Mappings[low - 1] : null;
    }

    /// <summary>The method of a runtime that an address is in.</summary>
    /// <param name="address">The address.</param>
    /// <param name="interval">How often the file may be read again, in milliseconds.</param>
    public Symbol FindCompiled(ulong address, long interval)
    {
        string name = "";
        ulong offset = 0;
        bool isFound = _perfMap?.TryFind(address, out name, out offset) == true;
        if (!isFound && !HasEnded && Environment.TickCount64 - interval >= _perfMapTime)
        {
            UpdatePerfMap();
            isFound = _perfMap?.TryFind(address, out name, out offset) == true;
        }

        if (isFound) return new Symbol(name, _perfMapPath ?? "", SymbolKind.JustInTime, offset);
        string problem = _perfMap is null
            ? $"Process {processId} wrote no '{_perfMapPath}': .NET does with DOTNET_PerfMapEnabled=1 in its environment, Node.js with --perf-basic-prof, Java with -XX:+DumpPerfMapAtExit or an agent."
            : $"'{_perfMapPath}' of process {processId} has no method at this address.";
        return Symbol.Unknown(SymbolKind.JustInTime, "", 0, problem, "[anonymous]");
    }

    private void UpdatePerfMap()
    {
        _perfMapTime = Environment.TickCount64;
        using SafeFileHandle? root = Files.OpenRoot(ProcFile.PathOf(processId, "root"));
        if (root is null || _perfMapPath is null) return;
        PerfMap map = _perfMap ?? new PerfMap();
        if (map.Update(root, _perfMapPath, _owner)) _perfMap = map;
    }

    // In a container, a process has another number for itself than we have for it: "NSpid: 4711 12".
    private void ReadStatus()
    {
        string number = processId.ToString(CultureInfo.InvariantCulture);
        foreach (string line in (ProcFile.ReadText(processId, "status") ?? "").Split('\n'))
        {
            if (line.StartsWith("NSpid:", StringComparison.Ordinal)) number = line.Split('\t')[^1];
            else if (line.StartsWith("Uid:", StringComparison.Ordinal) && line.Split('\t') is [_, _, string user, ..] && uint.TryParse(user, out uint owner)) _owner = owner;
        }

        _root = ProcFile.ReadLink(processId, "root") ?? "/";
        _perfMapPath = $"/tmp/perf-{number}.map";
    }
}
