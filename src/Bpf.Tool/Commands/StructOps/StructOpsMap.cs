using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Loader.Maps;

namespace Bpf.Tool.Commands.StructOps;

/// <summary>A map of callbacks, with the kernel's type of its value.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StructOpsMap : IDisposable
{
    /// <summary>The words that name one, for help.</summary>
    public const string Grammar = "{ id ID | name NAME }";

    // The kernel's structure lies in another one, with a count and a state before it: struct bpf_struct_ops_value of bpf_struct_ops.c.
    private const string ValuePrefix = "bpf_struct_ops_";

    private StructOpsMap(BpfMap map, BpfMapInfo info)
    {
        (Map, Info) = (map, info);
        Types = info.BtfVmlinuxId == 0 || BpfBtf.List().Any(btf => btf.Id == info.BtfVmlinuxId && btf.Name == "vmlinux") ? BpfBtf.Kernel : BpfBtf.Open(info.BtfVmlinuxId);
        ValueType = new BtfTypeId((int)info.BtfVmlinuxValueTypeId);
    }

    public BpfMap Map { get; }

    public BpfMapInfo Info { get; }

    /// <summary>The types of the kernel, or of the module that has the structure.</summary>
    public BtfReader Types { get; }

    /// <summary>The type of the map's value.</summary>
    public BtfTypeId ValueType { get; }

    /// <summary>The kernel's structure, such as <c>tcp_congestion_ops</c>.</summary>
    public string Structure => Types[ValueType].Name is var name && name.StartsWith(ValuePrefix, StringComparison.Ordinal) ? name[ValuePrefix.Length..] : name;

    /// <summary>Finds those that the words name; all, when there are no words. To be disposed.</summary>
    /// <exception cref="UsageException">The words make no sense.</exception>
    /// <exception cref="BpfException">None is named so.</exception>
    public static IEnumerable<StructOpsMap> Take(Words words)
    {
        if (words.AtEnd) return All(static _ => true);
        string kind = words.Take(Grammar);
        switch (kind)
        {
            case "id":
                uint id = words.TakeNumber("an id");
                BpfMap map = BpfMap.OpenById(id);
                if (map.Type == BpfMapType.StructOps) return [Of(map)];
                string type = Output.KernelNames.Of(map.Type);
                map.Dispose();
                throw new UsageException($"Map {id} is of type {type}, and none of struct_ops.");
            case "name":
                string name = words.Take("a name");
                List<StructOpsMap> found = [.. All(map => map.Name == name)];
                return found.Count > 0 ? found
                    : throw new BpfException(BpfCommand.MapGetFdById, Errno.ENOENT, $"struct_ops map '{name}'", "No struct_ops map has that name; 'bpf struct_ops' lists them.");
            default:
                throw new UsageException($"'{kind}' is not understood there; write {Grammar}.");
        }
    }

    /// <summary>One that was just loaded; the map stays its owner's.</summary>
    public static StructOpsMap Of(BpfMap map) => new(map, map.GetInfo());

    /// <summary>Writes a line of a list.</summary>
    public static void Write(Utf8JsonWriter json, StructOpsMap map)
    {
        json.WriteStartObject();
        json.WriteNumber("id", map.Info.Id);
        json.WriteString("name", map.Info.Name);
        json.WriteString("kernel_struct_ops", map.Structure);
        json.WriteEndObject();
    }

    public void Dispose() => Map.Dispose();

    private static IEnumerable<StructOpsMap> All(Func<BpfMap, bool> fits)
    {
        foreach (uint id in BpfMap.EnumerateIds())
        {
            BpfMap map;
            try
            {
                map = BpfMap.OpenById(id);
            }
            catch (BpfException e) when (e.Errno == Errno.ENOENT)
            {
                continue; // gone meanwhile
            }

            if (map.Type == BpfMapType.StructOps && fits(map)) yield return Of(map);
            else map.Dispose();
        }
    }
}
