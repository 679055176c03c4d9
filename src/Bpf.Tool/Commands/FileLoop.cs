using System;
using System.Text.Json;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary>Carries out a command for each of its files. Whatever goes wrong in one file is that file's failure, and stops no other.</summary>
/// <typeparam name="T">What the command finds out about a file.</typeparam>
internal sealed class FileLoop<T>
    where T : IFileResult
{
    /// <summary>Finds out.</summary>
    public required Func<string, T> Examine { get; init; }

    /// <summary>What is said of a file when that did not work.</summary>
    public required Func<string, Failure, T> Fail { get; init; }

    /// <summary>Writes the result for programs.</summary>
    public required Action<Utf8JsonWriter, T> WriteJson { get; init; }

    /// <summary>Prints the result for people.</summary>
    public required Action<T> Print { get; init; }

    /// <summary>Goes through the files.</summary>
    /// <returns>The exit code.</returns>
    public int Run(string[] files, bool json)
    {
        int exitCode = ExitCode.Done;
        using JsonLines? lines = json ? new JsonLines() : null;
        foreach (string file in files)
        {
            if (!Run(file, lines))
                exitCode = ExitCode.Refused;
        }

        return exitCode;
    }

    private bool Run(string file, JsonLines? lines)
    {
        try
        {
            T result = Examine(file);
            Show(result, lines);
            return result.IsGood;
        }
#pragma warning disable CA1031 // See the summary of the class.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Show(Fail(file, Failure.Of(e)), lines);
            return false;
        }
    }

    private void Show(T result, JsonLines? lines)
    {
        if (lines is not null)
            lines.Write(result, WriteJson);
        else
            Print(result);
    }
}
