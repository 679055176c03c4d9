using System;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Programs;

/// <summary><c>bpf prog run</c>: runs a program with an input from files.</summary>
[SupportedOSPlatform("linux")]
internal static class RunProgramCommand
{
    public static void Run(Words words, JsonLines? lines)
    {
        using BpfProgram program = ProgramSelector.TakeOne(words);
        (byte[] data, byte[] context, string? dataOut, string? contextOut, uint repeat) = ([], [], null, null, 1);
        while (!words.AtEnd)
        {
            if (words.TryTake("data_in")) data = Read(words.Take("a file"));
            else if (words.TryTake("ctx_in")) context = Read(words.Take("a file"));
            else if (words.TryTake("data_out")) dataOut = words.Take("a file");
            else if (words.TryTake("ctx_out")) contextOut = words.Take("a file");
            else if (words.TryTake("repeat")) repeat = words.TakeNumber("a count");
            else words.End();
        }

        BpfTestRunResult result = program.TestRun(new BpfTestRunOptions { Data = data, Context = context, Repeat = checked((int)repeat) });
        if (dataOut is not null) Write(dataOut, result.Data);
        if (contextOut is not null) Write(contextOut, result.Context);
        if (lines is not null)
        {
            lines.Write(result, (json, run) =>
            {
                json.WriteStartObject();
                if (dataOut is null && !run.Data.IsEmpty) json.WriteString("data_out", Convert.ToHexStringLower(run.Data.Span));
                if (contextOut is null && !run.Context.IsEmpty) json.WriteString("ctx_out", Convert.ToHexStringLower(run.Context.Span));
                json.WriteNumber("retval", run.ReturnValue);
                json.WriteNumber("duration", run.DurationNanoseconds);
                json.WriteEndObject();
            });
            return;
        }

        if (dataOut is null && !result.Data.IsEmpty) Print("data", result.Data.Span);
        if (contextOut is null && !result.Context.IsEmpty) Print("context", result.Context.Span);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Return value: {result.ReturnValue}, duration{(repeat > 1 ? " (average)" : "")}: {result.DurationNanoseconds}ns"));
    }

    private static byte[] Read(string path)
    {
        if (path != "-") return BpfFile.ReadAllBytes(path);
        using Stream input = Console.OpenStandardInput();
        using var all = new MemoryStream();
        input.CopyTo(all);
        return all.ToArray();
    }

    private static void Write(string path, ReadOnlyMemory<byte> bytes)
    {
        if (path != "-")
        {
            File.WriteAllBytes(path, bytes.ToArray());
            return;
        }

        using Stream output = StandardOutput.OpenRaw();
        output.Write(bytes.Span);
    }

    private static void Print(string name, ReadOnlySpan<byte> bytes)
    {
        Console.WriteLine($"{name}:");
        for (int i = 0; i < bytes.Length; i += 16)
            Console.WriteLine($"  {i.ToString("x4", CultureInfo.InvariantCulture)}: {Convert.ToHexStringLower(bytes.Slice(i, Math.Min(16, bytes.Length - i)))}");
    }
}
