using System.Text.Json;
using Bpf.Loader.Objects;
using Bpf.Tool.Commands;

namespace Bpf.Tool.Output;

/// <summary>The line of <c>bpf verify --json</c>: a promise of the design.</summary>
internal static class VerifyJson
{
    public static void Write(Utf8JsonWriter json, Verification verification, bool log)
    {
        json.WriteStartObject();
        json.WriteString("file", verification.Path);
        json.WriteString("open", verification.OpenFailure?.Code ?? Failure.None);

        // What could not be opened could not be loaded either, for the same reason.
        json.WriteString("load", verification.Failure?.Code ?? Failure.None);
        json.WriteString("message", verification.Failure?.Message);
        FindingJson.Write(json, verification.Failure?.Finding);
        json.WriteStartArray("maps");
        foreach (MapVerdict map in verification.Maps)
        {
            BpfMapDefinition definition = map.Definition;
            json.WriteStartObject();
            MapJson.WriteFields(json, definition.Name, definition.Type, definition.KeySize, map.ValueSize, map.MaxEntries, definition.Flags);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("programs");
        foreach (ProgramVerdict program in verification.Programs)
            Write(json, program, log);
        json.WriteEndArray();
        FindingJson.WriteIfAny(json, verification.Findings);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ProgramVerdict program, bool log)
    {
        BpfProgramDefinition definition = program.Definition;
        json.WriteStartObject();
        json.WriteString("name", definition.Name);
        json.WriteString("sec", definition.SectionName);
        json.WriteNumber("type", (uint)definition.Type);
        json.WriteNumber("eat", (uint)definition.ExpectedAttachType);
        json.WriteNumber("insns", definition.InstructionCount);
        json.WriteBoolean("loaded", program.Info is not null);
        json.WriteString("tag", program.Info?.Tag);
        WriteNumber(json, "xlated_len", program.Info?.XlatedLength);
        WriteNumber(json, "verified_insns", program.Info?.VerifiedInstructions);
        json.WriteString("error", program.Failure?.Message);
        if (program.Failure is { } failure) json.WriteString("code", failure.Code);
        FindingJson.Write(json, program.Failure?.Finding);
        if (log && program.Failure?.Log is { } words) json.WriteString("log", words);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, uint? value)
    {
        if (value is uint number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
