using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Tool.Commands;

namespace Bpf.Tool.Output;

/// <summary><c>bpf check --json</c>: how the object fares on each kernel, and each finding with the kernels that it is about.</summary>
internal static class CheckJson
{
    public static void Write(Utf8JsonWriter writer, Portability portability)
    {
        writer.WriteStartObject();
        writer.WriteString("file", portability.File);
        writer.WriteString("open", portability.Failure?.Code ?? Failure.None);
        if (portability.Failure is not null) writer.WriteString("message", portability.Failure.Message);
        FindingJson.Write(writer, portability.Failure?.Finding);
        writer.WriteStartArray("kernels");
        foreach ((string kernel, IReadOnlyList<BpfFinding> findings) in portability.Kernels)
        {
            writer.WriteStartObject();
            writer.WriteString("name", kernel);
            writer.WriteString("check", portability.VerdictOn(kernel));
            writer.WriteNumber("findings", findings.Count);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("findings");
        foreach (IGrouping<BpfFinding, string> finding in portability.Findings)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("targets");
            foreach (string kernel in finding) writer.WriteStringValue(kernel);
            writer.WriteEndArray();
            FindingJson.WriteFields(writer, finding.Key);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        FindingJson.WriteIfAny(writer, portability.Diagnostics);
        writer.WriteEndObject();
    }
}
