using System;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Loader.Instructions;
using Bpf.Loader.Relocation;
using Bpf.Tool.Commands;

namespace Bpf.Tool.Output;

/// <summary>The line of <c>bpf relocate --json</c>: a promise of the design.</summary>
internal static class RelocateJson
{
    public static void Write(Utf8JsonWriter json, OfflineResult result, bool dump)
    {
        json.WriteStartObject();
        json.WriteString("file", result.Path);
        json.WriteString("open", result.Failure?.Code ?? Failure.None);
        if (result.Failure is { } failure)
        {
            json.WriteString("message", failure.Message);
            FindingJson.Write(json, failure.Finding);
        }

        json.WriteStartArray("programs");
        foreach (BpfRelocatedProgram program in result.Programs)
            Write(json, program, result.IsBigEndian, dump);
        json.WriteEndArray();
        FindingJson.WriteIfAny(json, result.Findings);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, BpfRelocatedProgram program, bool isBigEndian, bool dump)
    {
        ReadOnlySpan<BpfInstruction> code = program.Instructions.Span;
        bool isGood = program.Failure is null;
        json.WriteStartObject();
        json.WriteString("name", program.Definition.Name);
        json.WriteString("sec", program.Definition.SectionName);
        if (isGood)
            json.WriteNumber("insns_final", code.Length);
        else
            json.WriteNull("insns_final");
        json.WriteString("tag_sha1", isGood ? ProgramTag.Sha1(code, isBigEndian) : null);
        json.WriteString("tag_sha256", isGood ? ProgramTag.Sha256(code, isBigEndian) : null);
        json.WriteString("error", program.Failure is { } failure ? Failure.Of(failure).Message : null);
        FindingJson.Write(json, program.Failure?.Finding);
        FindingJson.WriteIfAny(json, program.Diagnostics);
        if (dump)
            WriteCode(json, program);
        json.WriteEndObject();
    }

    private static void WriteCode(Utf8JsonWriter json, BpfRelocatedProgram program)
    {
        ReadOnlySpan<BpfInstruction> code = program.Instructions.Span;
        json.WriteStartArray("dump");
        for (int i = 0; i < code.Length; i++)
        {
            json.WriteStringValue(BpfDisassembler.FormatLine(code, i, program.NameReference));
            if (code[i].IsLoadImmediate64)
                i++;
        }

        json.WriteEndArray();
    }
}
