using System.Text.Json;
using Bpf.Loader.Symbols;

namespace Bpf.Tool.Profiling;

/// <summary>A stack as an object of JSON, its innermost frame last.</summary>
internal static class ProfileJson
{
    public static void Write(Utf8JsonWriter json, (CallStack Stack, long Count) sample)
    {
        json.WriteStartObject();
        json.WriteNumber("pid", sample.Stack.ProcessId);
        json.WriteNumber("count", sample.Count);
        json.WriteStartArray("stack");
        foreach (CallFrame frame in sample.Stack.Frames)
        {
            Symbol symbol = frame.Symbol;
            json.WriteStartObject();
            json.WriteString("name", symbol.Name);
            if (frame.Address != 0) json.WriteString("address", $"0x{frame.Address:x}");
            if (symbol.Module.Length > 0) json.WriteString("module", symbol.Module);
            if (symbol.Kind != SymbolKind.Unknown) json.WriteString("kind", KindOf(symbol.Kind));
            if (symbol.Problem is not null) json.WriteString("problem", symbol.Problem);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string KindOf(SymbolKind kind) => kind switch
    {
        SymbolKind.JustInTime => "jit",
        SymbolKind.KernelModule => "module",
        SymbolKind.BpfProgram => "bpf",
        SymbolKind.Vdso => "vdso",
        SymbolKind.Kernel => "kernel",
        _ => "binary",
    };
}
