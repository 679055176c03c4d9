using System;
using System.IO;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader;
using Bpf.Loader.Buffers;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Programs;

/// <summary>
/// <c>bpf prog tracelog</c>: what programs print by bpf_printk(), of which a line is given to one reader only; or what one program
/// printed to its own streams.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class TraceLogCommand
{
    public static void Run(Words words, JsonLines? lines)
    {
        bool errors = words.TryTake("stderr");
        if (errors || words.TryTake("stdout"))
        {
            using BpfProgram program = ProgramSelector.TakeOne(words);
            words.End();
            using Stream stream = errors ? program.OpenErrors() : program.OpenOutput();
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is string line) Print(line, lines);
            return;
        }

        words.End();
        using var interruption = new Interruption();
        FollowAsync(lines, interruption.Token).GetAwaiter().GetResult();
    }

    private static async Task FollowAsync(JsonLines? lines, CancellationToken cancellationToken)
    {
        using TracePipe pipe = TracePipe.Open();
        try
        {
            await foreach (string line in pipe.ReadLinesAsync(cancellationToken).ConfigureAwait(false)) Print(line, lines);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static void Print(string line, JsonLines? lines)
    {
        if (lines is null)
        {
            Console.WriteLine(Printable.Text(line));
            return;
        }

        lines.Write(line, static (json, text) =>
        {
            json.WriteStartObject();
            json.WriteString("line", text);
            json.WriteEndObject();
        });
    }
}
