using System.Text.Json;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary>What became of a file that was to be made.</summary>
/// <param name="Path">The file.</param>
/// <param name="Failure">Why it was not written; null when it was.</param>
/// <param name="Size">Its bytes.</param>
internal sealed record WrittenFile(string Path, Failure? Failure, int Size) : IFileResult
{
    /// <inheritdoc/>
    public bool IsGood => Failure is null;

    /// <summary>Prints the line for people.</summary>
    public static void Print(WrittenFile written)
    {
        Screen.Verdict(written.Path, written.IsGood, written.Failure?.Word);
        if (written.Failure is { } failure) Screen.Error(failure);
    }

    /// <summary>Writes the line for programs.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="written">The result.</param>
    /// <param name="step">What making the file is called, such as <c>link</c>.</param>
    public static void Write(Utf8JsonWriter json, WrittenFile written, string step)
    {
        json.WriteStartObject();
        json.WriteString("file", written.Path);
        json.WriteString(step, written.Failure?.Code ?? Failure.None);
        if (written.Failure is { } failure) json.WriteString("message", failure.Message);
        else json.WriteNumber("size", written.Size);
        FindingJson.Write(json, written.Failure?.Finding);
        json.WriteEndObject();
    }
}
