using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Tool.Commands.Programs;
using Bpf.Tool.Output;
using Spectre.Console;

namespace Bpf.Tool.Commands.StructOps;

/// <summary><c>bpf struct_ops</c>: callbacks that programs give the kernel, such as TCP congestion controls, in bpftool's words.</summary>
[SupportedOSPlatform("linux")]
internal static class StructOpsCommand
{
    public static Command Create() => KernelCommand.Group(
        "struct_ops", "Shows and handles structures of callbacks that are programs, such as TCP congestion controls.", Show,
        KernelCommand.Create("struct_ops show|list", "Shows them: all, or some.", $"[{StructOpsMap.Grammar}]", Show),
        KernelCommand.Create("struct_ops dump", "Shows their members: all, or some.", $"[{StructOpsMap.Grammar}]", Dump),
        KernelCommand.Create(
            "struct_ops register", "Registers those of an object file, to stay; those that a link holds need a folder for it.", "OBJ [LINK_DIR]", Register),
        KernelCommand.Create("struct_ops unregister", "Ends a registration that no link holds.", StructOpsMap.Grammar, Unregister));

    private static void Show(Words words, JsonLines? lines)
    {
        Table table = Table();
        foreach (StructOpsMap map in Take(words))
        {
            using (map) Add(table, lines, map);
        }

        if (lines is null) Screen.Write(table);
    }

    private static void Dump(Words words, JsonLines? lines)
    {
        foreach (StructOpsMap map in Take(words))
        {
            using (map)
            {
                byte[] value = new byte[map.Map.ValueBufferSize];
                map.Map.TryGet(new byte[sizeof(uint)], value);
                var members = new StructOpsValue(map.Types);
                if (lines is not null)
                {
                    lines.Write(map, WriteInfo);
                    lines.Write(map, (json, item) =>
                    {
                        json.WriteStartObject();
                        json.WritePropertyName(item.Types[item.ValueType].Name);
                        members.Write(json, item.ValueType, value);
                        json.WriteEndObject();
                    });
                    continue;
                }

                Screen.Title($"{map.Info.Name}", $"{map.Structure}, map {map.Info.Id.ToString(CultureInfo.InvariantCulture)}");
                Table table = Screen.Table("member", "value");
                foreach ((string name, string text) in members.ToLines(map.ValueType, value)) table.AddTextRow(name, text);
                Screen.Write(table);
            }
        }
    }

    private static void Register(Words words, JsonLines? lines)
    {
        string file = words.Take("an object file");
        string? folder = words.AtEnd ? null : words.Take("a folder for the links, on a file system of type bpf");
        words.End();
        using BpfObject loaded = BpfObjectFile.Open(file).Load(LoadFindings.Printed(file));
        List<BpfMap> maps = [.. loaded.Maps.Where(map => map.Type == BpfMapType.StructOps)];
        if (maps.Count == 0) throw new UsageException($"{file} has no struct_ops.");
        if (folder is null && maps.Find(static map => (map.Flags & BpfMapFlags.Link) != 0) is BpfMap linked)
            throw new UsageException($"'{linked.Name}' is registered as long as there is a link: give a folder to pin it in, on a file system of type bpf.");

        // All or none.
        var links = new List<BpfLink>();
        var pins = new NewPins();
        try
        {
            foreach (BpfMap map in maps)
            {
                BpfLink link = loaded.AttachStructOps(map.Name);
                links.Add(link);
                if (link.IsKernelLink) pins.Add(Path.Combine(folder!, map.Name), link.Pin);
            }
        }
        catch
        {
            pins.TakeBack();
            links.ForEach(static link => link.Dispose());
            throw;
        }

        foreach (BpfMap map in maps) Tell("Registered", StructOpsMap.Of(map), lines);
        foreach (BpfLink link in links)
        {
            // What no link holds stays registered with its map; a link has its pin.
            if (!link.IsKernelLink) link.Disconnect();
            link.Dispose();
        }
    }

    private static void Unregister(Words words, JsonLines? lines)
    {
        if (words.AtEnd) throw new UsageException($"Say which: {StructOpsMap.Grammar}.");
        foreach (StructOpsMap map in Take(words).ToList())
        {
            using (map)
            {
                if ((map.Info.Flags & BpfMapFlags.Link) != 0) throw new UsageException($"Map {map.Info.Id} is held by a link: 'bpf link list' shows it, remove its pin or use 'bpf link detach'.");
                if (!map.Map.Remove(new byte[sizeof(uint)]))
                    throw new BpfException(BpfCommand.MapDeleteElement, Errno.ENOENT, $"struct_ops map {map.Info.Id}", "It is not registered; it goes with those who hold the map.");
                Tell("Unregistered", map, lines);
            }
        }
    }

    private static IEnumerable<StructOpsMap> Take(Words words)
    {
        IEnumerable<StructOpsMap> maps = StructOpsMap.Take(words);
        words.End();
        return maps;
    }

    private static Table Table() => Screen.Table(">id", "name", "kernel_struct_ops");

    private static void Add(Table table, JsonLines? lines, StructOpsMap map)
    {
        if (lines is not null) lines.Write(map, StructOpsMap.Write);
        else table.AddTextRow(map.Info.Id.ToString(CultureInfo.InvariantCulture), map.Info.Name, map.Structure);
    }

    private static void Tell(string what, StructOpsMap map, JsonLines? lines)
    {
        if (lines is not null) lines.Write(map, StructOpsMap.Write);
        else Console.WriteLine($"{what} {map.Structure} {Printable.Text(map.Info.Name)} id {map.Info.Id.ToString(CultureInfo.InvariantCulture)}");
    }

    // The names and the order of the kernel's struct bpf_map_info, as bpftool prints it.
    private static void WriteInfo(Utf8JsonWriter json, StructOpsMap map)
    {
        json.WriteStartObject();
        json.WriteStartObject("bpf_map_info");
        json.WriteNumber("type", (uint)map.Info.Type);
        json.WriteNumber("id", map.Info.Id);
        json.WriteNumber("key_size", map.Info.KeySize);
        json.WriteNumber("value_size", map.Info.ValueSize);
        json.WriteNumber("max_entries", map.Info.MaxEntries);
        json.WriteNumber("map_flags", (uint)map.Info.Flags);
        json.WriteString("name", map.Info.Name);
        json.WriteNumber("ifindex", map.Info.InterfaceIndex);
        json.WriteNumber("btf_vmlinux_value_type_id", map.Info.BtfVmlinuxValueTypeId);
        json.WriteNumber("netns_dev", 0); // of maps on network cards only
        json.WriteNumber("netns_ino", 0);
        json.WriteNumber("btf_id", map.Info.BtfId);
        json.WriteNumber("btf_key_type_id", map.Info.BtfKeyTypeId);
        json.WriteNumber("btf_value_type_id", map.Info.BtfValueTypeId);
        json.WriteNumber("btf_vmlinux_id", map.Info.BtfVmlinuxId);
        json.WriteNumber("map_extra", map.Info.MapExtra);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
