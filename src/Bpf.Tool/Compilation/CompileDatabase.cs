using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bpf.Tool.Output;

namespace Bpf.Tool.Compilation;

/// <summary>A compile_commands.json, by which clangd and other tools know how each source is compiled.</summary>
internal static class CompileDatabase
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, IndentSize = 2, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Puts the command of a source in, in the place of the one before. A file that says the same already is not touched.</summary>
    /// <param name="path">The file. What is no array of commands is written anew.</param>
    /// <param name="source">The source.</param>
    /// <param name="output">The object.</param>
    /// <param name="command">The compiler and its arguments.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The process may not write it.</exception>
    public static void Put(string path, string source, string output, IReadOnlyList<string> command)
    {
        source = Path.GetFullPath(source);
        byte[] before = File.Exists(path) ? File.ReadAllBytes(path) : [];
        var entries = new SortedDictionary<string, JsonNode>(StringComparer.Ordinal);
        foreach (JsonNode entry in Read(before))
        {
            // Of those that were renamed or deleted nobody needs the command any more.
            if (FileOf(entry) is string file && File.Exists(file)) entries[file] = entry;
        }

        var arguments = new JsonArray();
        foreach (string argument in command) arguments.Add((JsonNode)argument);
        entries[source] = new JsonObject
        {
            ["directory"] = Environment.CurrentDirectory,
            ["file"] = source,
            ["output"] = output,
            ["arguments"] = arguments,
        };
        byte[] after = Write(entries.Values);
        if (after.AsSpan().SequenceEqual(before)) return;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is string folder) Directory.CreateDirectory(folder);
        WholeFile.Write(path, after);
    }

    private static string? FileOf(JsonNode entry) =>
        entry is JsonObject command && command["file"] is JsonValue value && value.TryGetValue(out string? file) ? file : null;

    private static List<JsonNode> Read(byte[] text)
    {
        var entries = new List<JsonNode>();
        try
        {
            if (text.Length > 0 && JsonNode.Parse(text) is JsonArray array)
            {
                foreach (JsonNode? entry in array)
                {
                    if (entry is not null) entries.Add(entry);
                }
            }
        }
        catch (JsonException)
        {
            // Cut off, or somebody's notes: it lies among what builds make.
        }

        return entries;
    }

    private static byte[] Write(IEnumerable<JsonNode> entries)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartArray();
            foreach (JsonNode entry in entries) entry.WriteTo(json);
            json.WriteEndArray();
        }

        text.Write("\n"u8);
        return text.ToArray();
    }
}
