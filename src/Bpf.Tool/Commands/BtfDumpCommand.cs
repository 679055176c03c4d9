using System;
using System.CommandLine;
using System.IO;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf btf dump</c>: prints types as C, or as they are stored.</summary>
internal static class BtfDumpCommand
{
    private const string Name = "btf dump";

    public static Command Create()
    {
        Argument<string[]> source = new("SOURCE")
        {
            Description = "A file (an object, or raw BTF), or 'id' and the number of BTF in the kernel, or 'name' and vmlinux or a module.",
            Arity = new ArgumentArity(1, 2),
        };
        Option<string> format = new("--format", "-f") { Description = "How to print: 'c' for a header, 'raw' or 'json' as the types are stored.", HelpName = "c|raw|json", DefaultValueFactory = _ => "raw" };
        format.AcceptOnlyFromAmong("c", "raw", "json");
        Option<uint[]> roots = new("--root", "-r") { Description = "Print this type, and as C what it needs; may be given several times.", HelpName = "ID" };
        Option<string?> baseFile = new("--base") { Description = "The types that those of the file go on from, when it is a module's; those in /sys/kernel/btf go on from the kernel's.", HelpName = "BTF" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("dump", "Prints types as C, or as they are stored.") { source, format, roots, baseFile, json };
        command.SetAction(result =>
        {
            string[] words = result.GetRequiredValue(source);
            if (words.Length == 2 && words[0] is not ("id" or "name"))
                return CommandLine.RefuseUsage(Name, $"'{words[0]}' is neither 'id' nor 'name', and one file is printed at a time.");
            if (words is ["id", string number] && !uint.TryParse(number, out _))
                return CommandLine.RefuseUsage(Name, $"'{number}' is no id.");
            return Run(words, result.GetValue(baseFile), result.GetValue(json) ? "json" : result.GetRequiredValue(format), result.GetValue(roots) ?? []);
        });
        return command;
    }

    private static int Run(string[] words, string? baseFile, string format, uint[] roots)
    {
        BtfReader btf;
        try
        {
            btf = Read(words, baseFile);
            foreach (uint root in roots) _ = btf[new BtfTypeId(checked((int)root))];
        }
        catch (Exception e) when (e is BpfLoaderException or OverflowException)
        {
            return Refusals.Print(e);
        }

        try
        {
            using Stream output = format == "json" ? StandardOutput.OpenJson() : StandardOutput.OpenText();
            BtfDump.Write(output, btf, format, roots);
            return ExitCode.Done;
        }
        catch (BpfFormatException e)
        {
            return Refusals.Print(e);
        }
        catch (IOException)
        {
            // Nobody reads on, as with head.
            return ExitCode.Done;
        }
    }

    private static BtfReader Read(string[] words, string? baseFile)
    {
        if (words.Length == 2 && !OperatingSystem.IsLinux()) throw new BpfFormatException("Only Linux holds types by id and name; give a file.");
        return words switch
        {
            ["id", string id] when OperatingSystem.IsLinux() => BpfBtf.Open(uint.Parse(id)),
            ["name", string name] when OperatingSystem.IsLinux() => BpfBtf.OpenModule(name),
            [string file] when baseFile is null && OperatingSystem.IsLinux() && IsModule(file) => BpfBtf.OpenModule(Path.GetFileName(file)),
            _ => BtfFile.Read(words[0], baseFile is null ? null : BtfFile.Read(baseFile)),
        };
    }

    private static bool IsModule(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) == "/sys/kernel/btf";
}
