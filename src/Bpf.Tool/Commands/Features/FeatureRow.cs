using System.Text.Json;
using Bpf.Loader;

namespace Bpf.Tool.Commands.Features;

/// <summary>The answer to a question about the kernel.</summary>
/// <param name="Kind">What kind of thing, such as <c>map_type</c>.</param>
/// <param name="Name">Which.</param>
/// <param name="Support">Whether the kernel has it.</param>
/// <param name="Value">Its value, of an option of the configuration.</param>
internal sealed record FeatureRow(string Kind, string Name, BpfSupport Support, string? Value = null)
{
    public static void Write(Utf8JsonWriter json, FeatureRow row)
    {
        json.WriteStartObject();
        json.WriteString("kind", row.Kind);
        json.WriteString("name", row.Name);
        json.WriteString("have", row.Support switch { BpfSupport.Yes => "yes", BpfSupport.No => "no", BpfSupport.NotPermitted => "not_permitted", _ => "unknown" });
        if (row.Value is not null) json.WriteString("value", row.Value);
        json.WriteEndObject();
    }
}
