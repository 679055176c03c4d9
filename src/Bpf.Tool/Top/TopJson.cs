using System;
using System.Runtime.Versioning;
using System.Text.Json;
using Bpf.Loader.Links.Info;
using Bpf.Tool.Output;

namespace Bpf.Tool.Top;

/// <summary>Programs as lines of JSON: the names of bpftool where it has them, and what they did beside.</summary>
[SupportedOSPlatform("linux")]
internal static class TopJson
{
    public static void Write(Utf8JsonWriter json, TopProgram program)
    {
        json.WriteStartObject();
        json.WriteNumber("id", program.Info.Id);
        json.WriteString("type", KernelNames.Of(program.Info.Type));
        json.WriteString("name", program.Info.Name);
        json.WriteString("tag", program.Info.Tag);
        json.WriteNumber("run_time_ns", program.Info.RunTime.Ticks * TimeSpan.NanosecondsPerTick);
        json.WriteNumber("run_cnt", program.Info.RunCount);
        json.WriteNumber("interval_ns", program.Elapsed.Ticks * TimeSpan.NanosecondsPerTick);
        json.WriteNumber("interval_run_time_ns", program.RunTime.Ticks * TimeSpan.NanosecondsPerTick);
        json.WriteNumber("interval_run_cnt", program.Runs);
        json.WriteNumber("runs_per_second", Math.Round(program.RunsPerSecond, 3));
        json.WriteNumber("ns_per_run", Math.Round(program.NanosecondsPerRun, 1));
        json.WriteNumber("cpu_percent", Math.Round(program.CpuPercent, 4));
        json.WriteStartArray("maps");
        foreach (TopMap map in program.Maps)
        {
            json.WriteStartObject();
            json.WriteNumber("id", map.Id);
            json.WriteString("name", map.Name);
            json.WriteString("type", KernelNames.Of(map.Type));
            json.WriteNumber("max_entries", map.Room);
            if (map.Used is ulong used) json.WriteNumber("used", used);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("links");
        foreach (BpfLinkInfo link in program.Links) LinkText.Write(json, link);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
