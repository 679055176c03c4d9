using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using System.Text.Json;
using Bpf.Loader;
using Spectre.Console;

namespace Bpf.Tool.Output;

/// <summary>Shows programs of the system.</summary>
[SupportedOSPlatform("linux")]
internal static class ProgramText
{
    public static Table Table() => Screen.Table(">id", "type", "name", "tag", "loaded", ">uid", ">translated", ">jited", ">runs", ">run time", "maps");

    public static void AddRow(Table table, BpfProgramInfo info) => table.AddTextRow(
        Number(info.Id), KernelNames.Of(info.Type), info.Name, info.Tag,
        LoadedAt(info).ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), Number(info.UserId),
        $"{Number(info.XlatedLength)} B", $"{Number(info.JitedLength)} B", info.RunCount == 0 ? "" : Number(info.RunCount),
        info.RunCount == 0 ? "" : $"{(info.RunTime.TotalMilliseconds * 1e6 / info.RunCount).ToString("0", CultureInfo.InvariantCulture)} ns each",
        string.Join(',', info.MapIds.Select(id => Number(id))));

    /// <summary>What bpftool has of a program, by its names and in its order.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="info">What the kernel tells.</param>
    /// <param name="memory">The memory that it takes.</param>
    public static void Write(Utf8JsonWriter json, BpfProgramInfo info, ulong memory)
    {
        json.WriteStartObject();
        json.WriteNumber("id", info.Id);
        json.WriteString("type", KernelNames.Of(info.Type));
        if (info.Name.Length > 0) json.WriteString("name", info.Name);
        json.WriteString("tag", info.Tag);
        json.WriteBoolean("gpl_compatible", info.IsGplCompatible);
        if (info.RunCount > 0)
        {
            json.WriteNumber("run_time_ns", info.RunTime.Ticks * TimeSpan.NanosecondsPerTick);
            json.WriteNumber("run_cnt", info.RunCount);
        }

        if (info.RecursionMisses > 0) json.WriteNumber("recursion_misses", info.RecursionMisses);
        json.WriteNumber("loaded_at", LoadedAt(info).ToUnixTimeSeconds());
        json.WriteNumber("uid", info.UserId);
        json.WriteNumber("bytes_xlated", info.XlatedLength);
        json.WriteBoolean("jited", info.JitedLength > 0);
        if (info.JitedLength > 0) json.WriteNumber("bytes_jited", info.JitedLength);
        json.WriteNumber("bytes_memlock", memory);
        if (info.InterfaceIndex > 0) json.WriteNumber("ifindex", info.InterfaceIndex);
        if (info.MapIds.Count > 0)
        {
            json.WriteStartArray("map_ids");
            foreach (uint id in info.MapIds) json.WriteNumberValue(id);
            json.WriteEndArray();
        }

        if (info.BtfId > 0) json.WriteNumber("btf_id", info.BtfId);
        if (info.AttachBtfId > 0)
        {
            json.WriteNumber("attach_btf_obj_id", info.AttachBtfObjectId);
            json.WriteNumber("attach_btf_id", info.AttachBtfId);
        }

        if (info.VerifiedInstructions > 0) json.WriteNumber("verified_insns", info.VerifiedInstructions);

        json.WriteEndObject();
    }

    // The kernel counts from the boot, sleep included.
    private static DateTimeOffset LoadedAt(BpfProgramInfo info)
    {
        string text = File.ReadAllText("/proc/uptime");
        double uptime = double.Parse(text.AsSpan(0, text.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture);
        return DateTimeOffset.UtcNow - TimeSpan.FromSeconds(uptime) + info.LoadTime;
    }

    private static string Number(ulong number) => number.ToString(CultureInfo.InvariantCulture);
}
