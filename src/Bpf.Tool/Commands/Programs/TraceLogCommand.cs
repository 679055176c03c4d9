using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using System.Threading.Tasks;
using Bpf.Loader;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Programs;

/// <summary><c>bpf prog tracelog</c>: what programs print by bpf_printk(), which whoever reads it takes away from others.</summary>
[SupportedOSPlatform("linux")]
internal static class TraceLogCommand
{
    public static void Run(Words words, JsonLines? lines)
    {
        words.End();
        using var interruption = new Interruption();
        using Stream pipe = BpfTraceLog.OpenRead();
        using Stream output = StandardOutput.Open();
        // A read that waits is not ended by closing the file: it is left behind, and ends with the process.
        Task copying = Task.Run(() => Copy(pipe, output, lines));
        try
        {
            copying.Wait(interruption.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static void Copy(Stream pipe, Stream output, JsonLines? lines)
    {
        byte[] buffer = new byte[4096];
        int count;
        var rest = new List<byte>();
        while ((count = pipe.Read(buffer)) > 0)
        {
            if (lines is null)
            {
                output.Write(buffer.AsSpan(0, count));
                output.Flush();
                continue;
            }

            foreach (byte b in buffer.AsSpan(0, count))
            {
                if (b != '\n')
                {
                    rest.Add(b);
                    continue;
                }

                lines.Write(Encoding.UTF8.GetString([.. rest]), static (json, line) =>
                {
                    json.WriteStartObject();
                    json.WriteString("line", line);
                    json.WriteEndObject();
                });
                rest.Clear();
            }
        }
    }
}
