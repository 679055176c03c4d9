using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader;

namespace Bpf.Tool.Commands.Programs;

/// <summary>Finds the whole name of a program, of which the kernel keeps 15 bytes.</summary>
[SupportedOSPlatform("linux")]
internal static class FullName
{
    private const int Kept = 15;

    public static string Of(BpfProgram program, BpfProgramInfo info)
    {
        if (info.Name.Length < Kept || info.BtfId == 0) return info.Name;
        IReadOnlyList<BpfProgramFunction> functions = program.GetCode().Functions;
        return functions.Count > 0 && functions[0].Name.StartsWith(info.Name, StringComparison.Ordinal) ? functions[0].Name : info.Name;
    }
}
