using System.Collections.Generic;
using System.Text.Json;
using Bpf.Loader;

namespace Bpf.Tool.Output;

/// <summary>Findings in the JSON of any command: the same fields everywhere.</summary>
internal static class FindingJson
{
    /// <summary>Writes the field <c>finding</c>; none where there is no finding.</summary>
    public static void Write(Utf8JsonWriter json, BpfFinding? finding)
    {
        if (finding is null) return;
        json.WriteStartObject("finding");
        WriteFields(json, finding);
        json.WriteEndObject();
    }

    /// <summary>Writes the field <c>diagnostics</c>, in lines that have it only when there is something to say.</summary>
    public static void WriteIfAny(Utf8JsonWriter json, IReadOnlyList<BpfFinding> findings)
    {
        if (findings.Count > 0) WriteArray(json, findings);
    }

    /// <summary>Writes the field <c>diagnostics</c>.</summary>
    public static void WriteArray(Utf8JsonWriter json, IReadOnlyList<BpfFinding>? findings)
    {
        json.WriteStartArray("diagnostics");
        foreach (BpfFinding finding in findings ?? [])
        {
            json.WriteStartObject();
            WriteFields(json, finding);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the fields of a finding into the object that is open.</summary>
    public static void WriteFields(Utf8JsonWriter json, BpfFinding finding)
    {
        json.WriteString("id", finding.Id.ToCode());
        json.WriteString("severity", finding.Severity switch { BpfSeverity.Info => "info", BpfSeverity.Warning => "warning", _ => "error" });
        json.WriteString("what", finding.What);
        WritePlace(json, finding.Place);
        json.WriteStartArray("origins");
        foreach (BpfOrigin origin in finding.Origins)
        {
            json.WriteStartObject();
            json.WriteString("what", origin.What);
            WritePlace(json, origin.Place);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("cause", finding.Cause);
        json.WriteString("cure", finding.Cure);
        json.WriteString("kernel", finding.KernelWords);
    }

    private static void WritePlace(Utf8JsonWriter json, in BpfLocation place)
    {
        json.WriteString("file", place.SourceFile);
        WriteNumber(json, "line", place.SourceLine);
        WriteNumber(json, "column", place.SourceColumn);
        json.WriteString("source", place.SourceText?.Trim());
        json.WriteString("symbol", place.Symbol);
        json.WriteString("section", place.Section);
        if (place.Offset is long offset) json.WriteNumber("offset", offset);
        else json.WriteNull("offset");
    }

    // 0 means unknown.
    private static void WriteNumber(Utf8JsonWriter json, string name, int value)
    {
        if (value == 0) json.WriteNull(name);
        else json.WriteNumber(name, value);
    }
}
