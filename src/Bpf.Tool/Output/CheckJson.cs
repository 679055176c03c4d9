using System.Text.Json;
using Bpf.Loader;
using Bpf.Tool.Commands;

namespace Bpf.Tool.Output;

/// <summary><c>bpf check --json</c>.</summary>
internal static class CheckJson
{
    public static void Write(Utf8JsonWriter writer, Portability portability)
    {
        writer.WriteStartObject();
        writer.WriteString("file", portability.File);
        writer.WriteString("open", portability.Failure?.Code ?? Failure.None);
        if (portability.Failure is not null) writer.WriteString("message", portability.Failure.Message);
        writer.WriteStartArray("findings");
        foreach ((string kernel, BpfDiagnostic finding) in portability.Findings)
        {
            writer.WriteStartObject();
            writer.WriteString("kernel", kernel);
            writer.WriteString("id", finding.Id.ToCode());
            writer.WriteString("message", finding.Message);
            writer.WriteString("program", finding.Location.Symbol);
            writer.WriteString("source", finding.Location.SourceFile);
            writer.WriteNumber("line", finding.Location.SourceLine);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
