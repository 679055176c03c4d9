using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Links.Info;
using Bpf.Loader.Maps;
using Bpf.Tool.Commands.Programs;

namespace Bpf.Tool.Top;

/// <summary>Watches all programs of the system. The kernel counts their runs until this is disposed of, or the process ends.</summary>
[SupportedOSPlatform("linux")]
internal sealed class TopSampler : IDisposable
{
    private readonly BpfRunStatistics _statistics;
    private readonly MapFill _fill;
    private readonly Dictionary<uint, string> _names = [];
    private readonly Dictionary<uint, TopMap?> _maps = [];
    private Dictionary<uint, BpfProgramInfo> _before = [];
    private long _time;

    /// <exception cref="BpfException">CAP_SYS_ADMIN is missing, or the kernel is older than 5.8.</exception>
    public TopSampler()
    {
        _statistics = BpfRunStatistics.Enable();
        try
        {
            _fill = new MapFill();
            _before = ReadPrograms();
            _time = Stopwatch.GetTimestamp();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the programs did since the last time, or since this was made.</summary>
    public IReadOnlyList<TopProgram> Take()
    {
        Dictionary<uint, BpfProgramInfo> now = ReadPrograms();
        long time = Stopwatch.GetTimestamp();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_time, time);
        IReadOnlyDictionary<uint, ulong> fill = _fill.Read();
        ILookup<uint, BpfLinkInfo> links = ReadLinks().ToLookup(link => link.ProgramId);
        List<TopProgram> programs = [];
        foreach (BpfProgramInfo info in now.Values)
        {
            // One that was loaded meanwhile has done all of it in that time.
            BpfProgramInfo? before = _before.GetValueOrDefault(info.Id);
            programs.Add(new TopProgram(
                info, info.RunCount - (before?.RunCount ?? 0), info.RunTime - (before?.RunTime ?? TimeSpan.Zero), elapsed,
                [.. info.MapIds.Select(id => FindMap(id, fill)).OfType<TopMap>()], [.. links[info.Id]]));
        }

        (_before, _time) = (now, time);
        Forget(now);
        return programs;
    }

    public void Dispose()
    {
        _fill?.Dispose();
        _statistics.Dispose();
    }

    // Who watches for days sees more programs and maps come and go than there ever are at a time.
    private void Forget(Dictionary<uint, BpfProgramInfo> now)
    {
        foreach (uint id in _names.Keys.Where(id => !now.ContainsKey(id)).ToList()) _names.Remove(id);
        HashSet<uint> maps = [.. now.Values.SelectMany(static info => info.MapIds)];
        foreach (uint id in _maps.Keys.Where(id => !maps.Contains(id)).ToList()) _maps.Remove(id);
    }

    private Dictionary<uint, BpfProgramInfo> ReadPrograms()
    {
        var programs = new Dictionary<uint, BpfProgramInfo>();
        foreach (BpfProgram program in ProgramSelector.All(program => program.Id != _fill.ProgramId))
        {
            using (program)
            {
                BpfProgramInfo info = program.GetInfo();
                if (!_names.TryGetValue(info.Id, out string? name)) _names[info.Id] = name = FullName.Of(program, info);
                programs[info.Id] = info with { Name = name };
            }
        }

        return programs;
    }

    private TopMap? FindMap(uint id, IReadOnlyDictionary<uint, ulong> fill)
    {
        if (!_maps.TryGetValue(id, out TopMap? map)) _maps[id] = map = ReadMap(id);
        return map is not null && fill.TryGetValue(id, out ulong used) ? map with { Used = used } : map;
    }

    private static TopMap? ReadMap(uint id)
    {
        try
        {
            using BpfMap map = BpfMap.OpenById(id);
            BpfMapInfo info = map.GetInfo();
            return new TopMap(info.Id, info.Name, info.Type, info.MaxEntries, null);
        }
        catch (BpfException e) when (e.Errno == Errno.ENOENT)
        {
            return null; // it went with its program
        }
    }

    private IEnumerable<BpfLinkInfo> ReadLinks()
    {
        foreach (uint id in BpfLink.EnumerateIds())
        {
            if (id == _fill.LinkId) continue;
            BpfLinkInfo info;
            try
            {
                using BpfLink link = BpfLink.OpenById(id);
                info = link.GetInfo();
            }
            catch (BpfException e) when (e.Errno is Errno.ENOENT or Errno.EAGAIN)
            {
                continue; // gone meanwhile, or not yet there
            }

            yield return info;
        }
    }
}
