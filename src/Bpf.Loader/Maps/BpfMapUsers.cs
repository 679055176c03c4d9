using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Maps;

/// <summary>Who keeps a map in the kernel.</summary>
/// <remarks>What cannot be seen is missing: maps of maps that hold it, and processes of other users when not root.</remarks>
[SupportedOSPlatform("linux")]
public sealed class BpfMapUsers
{
    private readonly List<uint> _programs = [];
    private readonly List<int> _processes = [];
    private readonly List<string> _pins = [];

    private BpfMapUsers()
    {
    }

    /// <summary>The numbers of the programs that work on it.</summary>
    public IReadOnlyList<uint> ProgramIds => _programs;

    /// <summary>The numbers of the processes that have it open.</summary>
    public IReadOnlyList<int> ProcessIds => _processes;

    /// <summary>The paths under which it is pinned.</summary>
    public IReadOnlyList<string> Pins => _pins;

    /// <summary>Whether nothing but its pins keeps it: no program, and no process other than this one. It is a leftover, or waits for the next version.</summary>
    public bool IsAbandoned => _pins.Count > 0 && _programs.Count == 0 && _processes.All(id => id == Environment.ProcessId);

    /// <summary>The users of all maps, by the numbers of these; maps that nobody visible uses are missing.</summary>
    /// <exception cref="BpfException">The kernel refused. Needs CAP_SYS_ADMIN.</exception>
    public static IReadOnlyDictionary<uint, BpfMapUsers> FindAll()
    {
        var users = new Dictionary<uint, BpfMapUsers>();
        foreach (uint program in IdWalk.Of(BpfCommand.ProgGetNextId))
        {
            foreach (uint map in MapsOf(program))
                Of(map)._programs.Add(program);
        }

        foreach ((int process, uint map) in OpenMaps())
        {
            List<int> processes = Of(map)._processes;
            if (!processes.Contains(process))
                processes.Add(process);
        }

        foreach (BpfPinnedObject pin in BpfPinnedObject.Find())
        {
            if (pin.Kind == BpfPinnedKind.Map)
                Of(pin.Id)._pins.Add(pin.Path);
        }

        return users;

        BpfMapUsers Of(uint map) => users.TryGetValue(map, out BpfMapUsers? known) ? known : users[map] = new BpfMapUsers();
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var parts = new List<string>();
        if (_programs.Count > 0)
            parts.Add($"the programs {string.Join(", ", _programs)}");
        int[] others = [.. _processes.Where(id => id != Environment.ProcessId)];
        if (others.Length > 0)
            parts.Add($"the processes {string.Join(", ", others.Select(Describe))}");
        return parts.Count == 0 ? "No program and no other process uses it." : $"It is used by {string.Join(" and ", parts)}.";
    }

    /// <summary>The users of one map.</summary>
    internal static BpfMapUsers FindOf(uint map) => FindAll().TryGetValue(map, out BpfMapUsers? users) ? users : new BpfMapUsers();

    private static string Describe(int process)
    {
        try
        {
            return $"{process} ({File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/comm")).TrimEnd()})";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return process.ToString(CultureInfo.InvariantCulture);
        }
    }

    private static uint[] MapsOf(uint program)
    {
        // A program that went since has none.
        using FileDescriptorHandle? handle = BpfSyscall.OpenById(BpfCommand.ProgGetFdById, program, 0, out _);
        return handle is null || BpfSyscall.GetProgramInfo(handle, out ProgInfo info) != Errno.None
            ? []
            : BpfSyscall.GetProgramMaps(handle, info.MapIdCount, out _);
    }

    private static IEnumerable<(int Process, uint Map)> OpenMaps()
    {
        foreach (string process in Names("/proc"))
        {
            if (!int.TryParse(process, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                continue;
            foreach (string descriptor in Names($"/proc/{process}/fd"))
            {
                // Only a map's file has it; most descriptors are not even asked.
                if (LinkTarget.Of($"/proc/{process}/fd/{descriptor}") == $"anon_inode:{DescriptorKind.Map}"
                    && DescriptorInfo.Read($"/proc/{process}/fdinfo/{descriptor}")?["map_id"] is ulong map)
                {
                    yield return (id, (uint)map);
                }
            }
        }
    }

    private static string[] Names(string directory)
    {
        try
        {
            return [.. new DirectoryInfo(directory).EnumerateFileSystemInfos().Select(entry => entry.Name)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
