using System.Collections.Generic;
using System.CommandLine;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Tool.Output;
using Spectre.Console;

namespace Bpf.Tool.Commands.Programs;

/// <summary><c>bpf prog</c>: programs of the running system, in bpftool's words.</summary>
[SupportedOSPlatform("linux")]
internal static class ProgCommand
{
    public static Command Create() => KernelCommand.Group(
        "prog", "Shows and handles the programs of this system.", Show,
        KernelCommand.Create("prog show|list", "Shows programs: all, or some.", $"[{ProgramSelector.Grammar}]", Show),
        KernelCommand.Create(
            "prog dump", "Shows the code of a program: as the verifier left it (visual: as a graph for dot), or as the CPU runs it.", $"{{ xlated | jited }} {ProgramSelector.Grammar} [opcodes] [linum] [visual] [file FILE]", DumpCommand.Run),
        KernelCommand.Create(
            "prog load", "Loads the first program of an object file, and pins it.", "OBJ PATH [pinmaps DIR] [autoattach]", (words, _) => LoadCommand.Run(words, all: false)),
        KernelCommand.Create(
            "prog loadall", "Loads all programs of an object file, and pins each below a folder.", "OBJ DIR [pinmaps DIR] [autoattach]", (words, _) => LoadCommand.Run(words, all: true)),
        KernelCommand.Create("prog pin", "Pins a program.", $"{ProgramSelector.Grammar} FILE", Pin),
        KernelCommand.Create(
            "prog attach", "Attaches a program to a sockmap, or to the flow dissector of this network namespace.",
            $"{ProgramSelector.Grammar} ATTACH_TYPE [{{ id ID | pinned PATH }} of the map]", AttachCommand.Attach),
        KernelCommand.Create(
            "prog detach", "Detaches a program from a sockmap.", $"{ProgramSelector.Grammar} ATTACH_TYPE {{ id ID | pinned PATH }} of the map", AttachCommand.Detach),
        KernelCommand.Create(
            "prog run", "Runs a program in the kernel with an input, without its hook.",
            $"{ProgramSelector.Grammar} [data_in FILE] [data_out FILE] [ctx_in FILE] [ctx_out FILE] [repeat N]", RunProgramCommand.Run),
        KernelCommand.Create(
            "prog profile", "Counts the runs of a program, and their time, or what the counters of the CPUs say of it (Linux 5.5).", ProfileCommand.Grammar, ProfileCommand.Run),
        KernelCommand.Create("prog tracelog", "Shows what programs print by bpf_printk(), until Ctrl-C; or what a program printed to its streams.", $"[{{ stdout | stderr }} {ProgramSelector.Grammar}]", TraceLogCommand.Run));

    private static void Show(Words words, JsonLines? lines)
    {
        IEnumerable<BpfProgram> programs = words.AtEnd ? ProgramSelector.All() : ProgramSelector.Take(words);
        words.End();
        Table table = ProgramText.Table();
        foreach (BpfProgram program in programs)
        {
            using (program)
            {
                BpfProgramInfo info = program.GetInfo();
                info = info with { Name = FullName.Of(program, info) };
                if (lines is not null) lines.Write((info, program.GetMemoryBytes()), static (json, item) => ProgramText.Write(json, item.info, item.Item2));
                else ProgramText.AddRow(table, info);
            }
        }

        if (lines is null) Screen.Write(table);
    }

    private static void Pin(Words words, JsonLines? lines)
    {
        using BpfProgram program = ProgramSelector.TakeOne(words);
        string path = words.Take("a path on a file system of type bpf");
        words.End();
        program.Pin(path);
    }
}
