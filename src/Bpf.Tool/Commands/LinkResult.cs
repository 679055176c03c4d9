using System.Text.Json;

namespace Bpf.Tool.Commands;

/// <summary>What became of linking.</summary>
/// <param name="Path">The object that was to be written.</param>
/// <param name="Failure">Why it was not; null when it was.</param>
/// <param name="Size">Its bytes.</param>
internal sealed record LinkResult(string Path, Failure? Failure, int Size) : IFileResult
{
    /// <inheritdoc/>
    public bool IsGood => Failure is null;

    /// <summary>Writes the line for programs.</summary>
    public static void Write(Utf8JsonWriter json, LinkResult result)
    {
        json.WriteStartObject();
        json.WriteString("file", result.Path);
        json.WriteString("link", result.Failure?.Code ?? Failure.None);
        if (result.Failure is { } failure) json.WriteString("message", failure.Message);
        else json.WriteNumber("size", result.Size);
        json.WriteEndObject();
    }
}
