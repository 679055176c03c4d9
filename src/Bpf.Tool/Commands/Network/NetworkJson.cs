using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Bpf.Tool.Commands.Network;

/// <summary>The programs of a network namespace, in one object as bpftool has them.</summary>
internal static class NetworkJson
{
    private const string Xdp = "xdp/";

    private static readonly string[] DeviceHooks = ["tcx/", "netkit/", "clsact/"];

    public static void Write(Utf8JsonWriter json, List<NetworkAttachment> all)
    {
        json.WriteStartObject();
        json.WriteStartArray("xdp");
        foreach (IGrouping<int, NetworkAttachment> device in all.Where(static one => one.Hook.StartsWith(Xdp, StringComparison.Ordinal)).GroupBy(static one => one.InterfaceIndex))
            WriteXdp(json, [.. device]);
        json.WriteEndArray();

        json.WriteStartArray("tc");
        foreach (NetworkAttachment attachment in all.Where(static one => Array.Exists(DeviceHooks, hook => one.Hook.StartsWith(hook, StringComparison.Ordinal))))
            WriteDevice(json, attachment);
        json.WriteEndArray();

        // The last is ours: bpftool does not look there.
        foreach (string hook in new[] { "flow_dissector", "netfilter", "sk_lookup" })
        {
            json.WriteStartArray(hook);
            foreach (NetworkAttachment attachment in all.Where(one => one.Hook == hook)) WriteNamespace(json, attachment);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteXdp(Utf8JsonWriter json, List<NetworkAttachment> device)
    {
        json.WriteStartObject();
        json.WriteString("devname", device[0].Device);
        json.WriteNumber("ifindex", device[0].InterfaceIndex);
        if (device.Count == 1)
        {
            WriteMode(json, device[0]);
        }
        else
        {
            json.WriteStartArray("multi_attachments");
            foreach (NetworkAttachment attachment in device)
            {
                json.WriteStartObject();
                WriteMode(json, attachment);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteMode(Utf8JsonWriter json, NetworkAttachment attachment)
    {
        json.WriteString("mode", attachment.Hook[Xdp.Length..]);
        json.WriteNumber("id", attachment.ProgramId);
    }

    private static void WriteDevice(Utf8JsonWriter json, NetworkAttachment attachment)
    {
        json.WriteStartObject();
        json.WriteString("devname", attachment.Device);
        json.WriteNumber("ifindex", attachment.InterfaceIndex);
        json.WriteString("kind", attachment.Hook);
        json.WriteString("name", attachment.Name);
        if (attachment.Hook.StartsWith("clsact/", StringComparison.Ordinal))
        {
            json.WriteNumber("id", attachment.ProgramId);
            json.WriteString("place", attachment.Place);
        }
        else
        {
            json.WriteNumber("prog_id", attachment.ProgramId);
            json.WriteNumber("link_id", attachment.LinkId);
        }

        json.WriteEndObject();
    }

    private static void WriteNamespace(Utf8JsonWriter json, NetworkAttachment attachment)
    {
        json.WriteStartObject();
        json.WriteNumber("id", attachment.ProgramId);
        if (attachment.LinkId != 0) json.WriteNumber("link_id", attachment.LinkId);
        if (attachment.Netfilter is { } link)
        {
            json.WriteNumber("pf", (uint)link.Family);
            json.WriteNumber("hook", (uint)link.Hook);
            json.WriteNumber("prio", link.Priority);
            json.WriteNumber("flags", link.Flags);
        }

        json.WriteEndObject();
    }
}
