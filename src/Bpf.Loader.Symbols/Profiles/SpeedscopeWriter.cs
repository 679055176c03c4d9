using System.Collections.Generic;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bpf.Loader.Symbols.Profiles;

/// <summary>Writes the JSON of speedscope: https://github.com/jlfwong/speedscope/wiki/Importing-from-custom-sources.</summary>
internal static class SpeedscopeWriter
{
    public static void Write(StackProfile profile, Stream to)
    {
        Dictionary<(string Name, string Module), int> frames = [];
        using var json = new Utf8JsonWriter(to, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("$schema", "https://www.speedscope.app/file-format-schema.json");
        json.WriteString("exporter", "Bpf.Loader.Symbols");
        json.WriteString("name", profile.Title);
        json.WriteNumber("activeProfileIndex", 0);
        json.WriteStartArray("profiles");
        json.WriteStartObject();
        json.WriteString("type", "sampled");
        json.WriteString("name", $"{profile.Title} ({profile.ValueName})");
        json.WriteString("unit", profile.Unit is "bytes" or "nanoseconds" ? profile.Unit : "none");
        json.WriteNumber("startValue", 0);
        json.WriteNumber("endValue", profile.Total);
        json.WriteStartArray("samples");
        foreach (CallStack stack in profile.Stacks.Keys)
        {
            json.WriteStartArray();
            foreach (CallFrame frame in stack.Frames)
            {
                (string, string) key = (frame.ToString(), frame.Symbol.Module);
                if (!frames.TryGetValue(key, out int index)) frames.Add(key, index = frames.Count);
                json.WriteNumberValue(index);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteStartArray("weights");
        foreach (long count in profile.Stacks.Values) json.WriteNumberValue(count);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteStartObject("shared");
        json.WriteStartArray("frames");
        foreach ((string name, string module) in frames.Keys)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            if (module.Length > 0) json.WriteString("file", module);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
