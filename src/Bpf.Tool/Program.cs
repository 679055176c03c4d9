using Bpf.Tool.Commands;
using Bpf.Tool.Output;

namespace Bpf.Tool;

internal static class Program
{
    private static int Main(string[] args)
    {
        StandardOutput.Guard();
        try
        {
            return CommandLine.Run(args);
        }
        finally
        {
            StandardOutput.Flush();
        }
    }
}
