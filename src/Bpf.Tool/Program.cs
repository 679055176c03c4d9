using Bpf.Tool.Commands;

namespace Bpf.Tool;

internal static class Program
{
    private static int Main(string[] args) => CommandLine.Run(args);
}
