using System.Collections.Generic;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Loader.Links.Info;

namespace Bpf.Tool.Output;

/// <summary>Shows links of the system.</summary>
[SupportedOSPlatform("linux")]
internal static class LinkText
{
    /// <summary>What the link is attached to, in a line.</summary>
    public static string Target(BpfLinkInfo info) => info switch
    {
        RawTracepointLinkInfo link => $"tp '{link.Name}'{Cookie(link.Cookie)}",
        TracingLinkInfo link => $"{KernelNames.Of(link.AttachType)} target {Number(link.TargetObjectId)}:{Number(link.TargetTypeId)}{Cookie(link.Cookie)}",
        CgroupLinkInfo link => $"cgroup {Number(link.CgroupId)} {KernelNames.Of(link.AttachType)}",
        IteratorLinkInfo link => $"{link.TargetName}{Set("map", link.MapId)}{Set("cgroup", link.CgroupId)}{Set("tid", (ulong)link.ThreadId)}{Set("pid", (ulong)link.ProcessId)}",
        NetnsLinkInfo link => $"netns {Number(link.Inode)} {KernelNames.Of(link.AttachType)}",
        DeviceLinkInfo link => $"{Interfaces.NameOf(link.InterfaceIndex)} {KernelNames.Of(link.AttachType)}",
        MapLinkInfo { Type: BpfLinkType.StructOps } link => $"map {Number(link.MapId)}",
        MapLinkInfo link => $"map {Number(link.MapId)} {KernelNames.Of(link.AttachType)}",
        NetfilterLinkInfo link => $"{link.Family} {link.Hook} priority {link.Priority.ToString(CultureInfo.InvariantCulture)}",
        PerfEventLinkInfo link => $"{KindOf(link.Kind)} {link.Name}{(link.Offset == 0 ? "" : $"+0x{link.Offset:x}")}{Cookie(link.Cookie)}",
        KprobeMultiLinkInfo link => $"{(link.AtReturn ? "kretprobe" : "kprobe")} of {Number((ulong)link.Addresses.Count)} functions",
        UprobeMultiLinkInfo link => $"{(link.AtReturn ? "uretprobe" : "uprobe")} of {Number((ulong)link.Offsets.Count)} places in {link.Path}{Set("pid", (ulong)link.ProcessId)}",
        _ => "",
    };

    public static void Write(Utf8JsonWriter json, BpfLinkInfo info)
    {
        json.WriteStartObject();
        json.WriteNumber("id", info.Id);
        json.WriteString("type", KernelNames.Of(info.Type));
        json.WriteNumber("prog_id", info.ProgramId);
        switch (info)
        {
            case RawTracepointLinkInfo link:
                json.WriteString("tp_name", link.Name);
                json.WriteNumber("cookie", link.Cookie);
                break;
            case TracingLinkInfo link:
                if (TypeOf(link.ProgramId) is BpfProgramType type) json.WriteString("prog_type", KernelNames.Of(type));
                json.WriteString("attach_type", KernelNames.Of(link.AttachType));
                json.WriteNumber("target_obj_id", link.TargetObjectId);
                json.WriteNumber("target_btf_id", link.TargetTypeId);
                json.WriteNumber("cookie", link.Cookie);
                break;
            case CgroupLinkInfo link:
                json.WriteNumber("cgroup_id", link.CgroupId);
                json.WriteString("attach_type", KernelNames.Of(link.AttachType));
                break;
            case IteratorLinkInfo link:
                json.WriteString("target_name", link.TargetName);
                WriteIfSet(json, "map_id", link.MapId);
                WriteIfSet(json, "cgroup_id", link.CgroupId);
                WriteIfSet(json, "tid", (ulong)link.ThreadId);
                WriteIfSet(json, "pid", (ulong)link.ProcessId);
                break;
            case NetnsLinkInfo link:
                json.WriteNumber("netns_ino", link.Inode);
                json.WriteString("attach_type", KernelNames.Of(link.AttachType));
                break;
            case DeviceLinkInfo link:
                json.WriteString("devname", Interfaces.NameOf(link.InterfaceIndex));
                json.WriteNumber("ifindex", link.InterfaceIndex);
                if (link.Type != BpfLinkType.Xdp) json.WriteString("attach_type", KernelNames.Of(link.AttachType));
                break;
            case MapLinkInfo link:
                json.WriteNumber("map_id", link.MapId);
                if (link.Type != BpfLinkType.StructOps) json.WriteString("attach_type", KernelNames.Of(link.AttachType));
                break;
            case NetfilterLinkInfo link:
                json.WriteNumber("pf", (uint)link.Family);
                json.WriteNumber("hook", (uint)link.Hook);
                json.WriteNumber("prio", link.Priority);
                json.WriteNumber("flags", link.Flags);
                break;
            case PerfEventLinkInfo link:
                WritePerfEvent(json, link);
                break;
            case KprobeMultiLinkInfo link:
                json.WriteBoolean("retprobe", link.AtReturn);
                json.WriteNumber("missed", link.Missed);
                WriteList(json, link.Addresses, "addr", link.Cookies, null);
                break;
            case UprobeMultiLinkInfo link:
                json.WriteBoolean("retprobe", link.AtReturn);
                json.WriteString("path", link.Path);
                json.WriteNumber("pid", link.ProcessId);
                WriteList(json, link.Offsets, "offset", link.Cookies, link.ReferenceCounterOffsets);
                break;
        }

        json.WriteEndObject();
    }

    private static BpfProgramType? TypeOf(uint program)
    {
        try
        {
            using BpfProgram opened = BpfProgram.OpenById(program);
            return opened.Type;
        }
        catch (BpfException e) when (e.Errno == Errno.ENOENT)
        {
            return null; // it went meanwhile
        }
    }

    private static void WritePerfEvent(Utf8JsonWriter json, PerfEventLinkInfo link)
    {
        switch (link.Kind)
        {
            case PerfEventLinkKind.Kprobe or PerfEventLinkKind.Kretprobe:
                json.WriteBoolean("retprobe", link.Kind == PerfEventLinkKind.Kretprobe);
                json.WriteNumber("addr", link.Address);
                json.WriteString("func", link.Name);
                json.WriteNumber("offset", link.Offset);
                break;
            case PerfEventLinkKind.Uprobe or PerfEventLinkKind.Uretprobe:
                json.WriteBoolean("retprobe", link.Kind == PerfEventLinkKind.Uretprobe);
                json.WriteString("file", link.Name);
                json.WriteNumber("offset", link.Offset);
                break;
            case PerfEventLinkKind.Tracepoint:
                json.WriteString("tracepoint", link.Name);
                break;
        }

        json.WriteNumber("cookie", link.Cookie);
    }

    private static void WriteList(Utf8JsonWriter json, IReadOnlyList<ulong> places, string name, IReadOnlyList<ulong> cookies, IReadOnlyList<ulong>? counters)
    {
        json.WriteNumber("func_cnt", places.Count);
        json.WriteStartArray("funcs");
        for (int i = 0; i < places.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber(name, places[i]);
            if (counters is not null) json.WriteNumber("ref_ctr_offset", counters[i]);
            json.WriteNumber("cookie", i < cookies.Count ? cookies[i] : 0);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string KindOf(PerfEventLinkKind kind) => kind switch
    {
        PerfEventLinkKind.Unspecified => "",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static void WriteIfSet(Utf8JsonWriter json, string name, ulong value)
    {
        if (value != 0) json.WriteNumber(name, value);
    }

    private static string Set(string name, ulong value) => value == 0 ? "" : $" {name} {Number(value)}";

    private static string Cookie(ulong cookie) => Set("cookie", cookie);

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
