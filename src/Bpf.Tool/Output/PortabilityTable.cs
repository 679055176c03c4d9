using System.Collections.Generic;
using System.Linq;
using Bpf.Tool.Commands;
using Spectre.Console;

namespace Bpf.Tool.Output;

/// <summary>Which object works on which kernel, for people.</summary>
internal static class PortabilityTable
{
    /// <summary>Prints a row an object and a column a kernel; the other way round where there are more kernels than objects.</summary>
    public static void Print(IReadOnlyList<Portability> files, IReadOnlyList<string> kernels)
    {
        bool isTurned = kernels.Count > files.Count;
        Table table = Screen.Table(["", .. isTurned ? files.Select(file => file.File) : kernels]);
        if (isTurned)
        {
            foreach (string kernel in kernels) table.AddTextRow([kernel, .. files.Select(file => file.VerdictOn(kernel))]);
        }
        else
        {
            foreach (Portability file in files) table.AddTextRow([file.File, .. kernels.Select(file.VerdictOn)]);
        }

        Screen.Write(table);
    }
}
