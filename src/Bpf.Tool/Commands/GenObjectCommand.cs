using System;
using System.CommandLine;
using System.IO;
using Bpf.Loader;
using Bpf.Loader.Linking;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf gen object</c>: links objects into one.</summary>
internal static class GenObjectCommand
{
    public static Command Create()
    {
        Argument<string> output = CommonOptions.File("OUT", "The object to be written.");
        Argument<string[]> files = CommonOptions.Files();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("object", "Links object files into one, as a linker does for C: externs find their definitions, strong ones override weak ones.") { output, files, json };
        command.SetAction(result =>
        {
            string[] inputs = result.GetRequiredValue(files);
            var loop = new FileLoop<LinkResult>
            {
                Examine = path => Link(path, inputs),
                Fail = static (path, failure) => new LinkResult(path, failure, 0),
                WriteJson = LinkResult.Write,
                Print = static linked =>
                {
                    Screen.Verdict(linked.Path, linked.IsGood, linked.Failure?.Code);
                    if (linked.Failure is { } failure) Screen.Error(failure.Message);
                },
            };
            return loop.Run([result.GetRequiredValue(output)], result.GetValue(json));
        });
        return command;
    }

    private static LinkResult Link(string output, string[] inputs)
    {
        var linker = new BpfLinker();
        foreach (string input in inputs) linker.Add(Read(input), input);
        byte[] linked = linker.ToArray();

        // A file that is there already stays as it is until the new one is whole.
        string temporary = $"{output}.{Environment.ProcessId}.new";
        try
        {
            File.WriteAllBytes(temporary, linked);
            File.Move(temporary, output, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return new LinkResult(output, null, linked.Length);
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BpfFormatException($"The file {path} cannot be read: {e.Message}", null, null, BpfDiagnosticId.Unreadable);
        }
    }
}
