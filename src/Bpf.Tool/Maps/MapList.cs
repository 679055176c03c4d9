using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Loader.Maps;
using Bpf.Tool.Commands;
using Bpf.Tool.Output;
using Spectre.Console;

namespace Bpf.Tool.Maps;

/// <summary><c>bpf map list</c>: the maps of the system, what they are and who keeps them.</summary>
[SupportedOSPlatform("linux")]
internal static class MapList
{
    public static void Run(Words words, JsonLines? json)
    {
        IReadOnlyList<BpfMap>? named = words.AtEnd ? null : MapSelector.Take(words);
        try
        {
            words.End();
            IReadOnlyDictionary<uint, BpfMapUsers> users = BpfMapUsers.FindAll();
            Table table = Screen.Table(">id", "name", "type", ">key", ">value", ">entries", "flags", ">bytes", "");
            foreach (BpfMap map in named ?? OpenAll())
            {
                using (map)
                {
                    users.TryGetValue(map.Id, out BpfMapUsers? of);
                    if (json is not null)
                        json.Write((map, of), static (writer, pair) => Write(writer, pair.map, pair.of));
                    else
                        AddRow(table, map, of);
                }
            }

            if (json is null)
                Screen.Write(table);
        }
        finally
        {
            foreach (BpfMap map in named ?? [])
                map.Dispose();
        }
    }

    /// <summary>All maps of the system, to be disposed. Those that go meanwhile are passed over.</summary>
    public static IEnumerable<BpfMap> OpenAll()
    {
        foreach (uint id in BpfMap.EnumerateIds())
        {
            BpfMap? map = null;
            try
            {
                map = BpfMap.OpenById(id);
            }
            catch (BpfException e) when (e.Errno == Errno.ENOENT)
            {
                // It went between the two calls.
                continue;
            }

            yield return map;
        }
    }

    private static void AddRow(Table table, BpfMap map, BpfMapUsers? users)
    {
        BpfMapFileInfo info = map.GetFileInfo();
        table.AddTextRow(
            Number(map.Id), map.Name, KernelNames.Of(map.Type), Number(map.KeySize), Number(map.ValueSize), Number(map.MaxEntries),
            map.Flags == 0 ? "" : map.Flags.ToString(), Number(info.MemoryBytes), Notes(info, users));
    }

    private static string Notes(BpfMapFileInfo info, BpfMapUsers? users)
    {
        var notes = new List<string>();
        if (info.IsFrozen)
            notes.Add("frozen");
        if (info.OwnerType is BpfProgramType owner)
            notes.Add($"for {owner} programs{(info.OwnerIsJited == true ? ", compiled" : "")}");
        if (users is null)
            return string.Join("; ", notes);
        if (users.ProgramIds.Count > 0)
            notes.Add($"programs {string.Join(' ', users.ProgramIds)}");
        int[] processes = [.. users.ProcessIds.Where(id => id != Environment.ProcessId)];
        if (processes.Length > 0)
            notes.Add($"processes {string.Join(' ', processes)}");
        if (users.Pins.Count > 0)
            notes.Add($"pinned {string.Join(' ', users.Pins)}");
        if (users.IsAbandoned)
            notes.Add("nobody uses it, only the pin keeps it");
        return string.Join("; ", notes);
    }

    private static void Write(Utf8JsonWriter json, BpfMap map, BpfMapUsers? users)
    {
        BpfMapFileInfo info = map.GetFileInfo();
        BpfMapInfo kernel = map.GetInfo();
        json.WriteStartObject();
        // What bpftool has, by its names and in its order; who keeps it, and whether anybody does, behind.
        json.WriteNumber("id", map.Id);
        json.WriteString("type", KernelNames.Of(map.Type));
        if (map.Name.Length > 0) json.WriteString("name", map.Name);
        json.WriteNumber("flags", (uint)map.Flags);
        if (kernel.InterfaceIndex > 0) json.WriteNumber("ifindex", kernel.InterfaceIndex);
        json.WriteNumber("bytes_key", map.KeySize);
        json.WriteNumber("bytes_value", map.ValueSize);
        json.WriteNumber("max_entries", map.MaxEntries);
        json.WriteNumber("bytes_memlock", info.MemoryBytes);
        if (info.OwnerType is BpfProgramType owner)
        {
            json.WriteString("owner_prog_type", KernelNames.Of(owner));
            json.WriteBoolean("owner_jited", info.OwnerIsJited == true);
        }

        json.WriteNumber("frozen", info.IsFrozen ? 1 : 0);
        if (kernel.BtfId > 0) json.WriteNumber("btf_id", kernel.BtfId);
        WriteArray(json, "pinned", users?.Pins ?? [], static (writer, path) => writer.WriteStringValue(path));
        WriteArray(json, "pids", users?.ProcessIds.Where(id => id != Environment.ProcessId) ?? [], WriteProcess);
        WriteArray(json, "prog_ids", users?.ProgramIds ?? [], static (writer, id) => writer.WriteNumberValue(id));
        json.WriteBoolean("abandoned", users?.IsAbandoned == true);
        json.WriteEndObject();
    }

    private static void WriteProcess(Utf8JsonWriter json, int id)
    {
        json.WriteStartObject();
        json.WriteNumber("pid", id);
        json.WriteString("comm", ReadName(id));
        json.WriteEndObject();
    }

    private static string ReadName(int process)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/comm")).TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it has ended
        }
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> values, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T value in values)
            write(json, value);
        json.WriteEndArray();
    }

    private static string Number<T>(T number)
        where T : IFormattable => number.ToString(null, CultureInfo.InvariantCulture);
}
