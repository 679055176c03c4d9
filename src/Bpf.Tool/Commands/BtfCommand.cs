using System.CommandLine;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf btf</c>: types, of objects and of the kernel.</summary>
internal static class BtfCommand
{
    public static Command Create() => new("btf", "Shows types: those of objects, and those that the kernel holds.")
    {
        BtfDumpCommand.Create(),
        BtfListCommand.Create(),
    };
}
