using System.Text.Json;
using Bpf.Loader;

namespace Bpf.Tool.Output;

/// <summary>The fields that every line has of a map.</summary>
internal static class MapJson
{
    public static void WriteFields(
        Utf8JsonWriter json, string name, BpfMapType type, uint keySize, uint valueSize, uint maxEntries, BpfMapFlags flags)
    {
        json.WriteString("name", name);
        json.WriteNumber("type", (uint)type);
        json.WriteNumber("key_size", keySize);
        json.WriteNumber("value_size", valueSize);
        json.WriteNumber("max_entries", maxEntries);
        json.WriteNumber("map_flags", (uint)flags);
    }
}
