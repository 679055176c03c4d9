using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf btf dump</c>: prints types as C, or as they are stored.</summary>
internal static class BtfDumpCommand
{
    private const string Name = "btf dump";

    private static readonly string[] Formats = ["c", "raw", "json"];

    public static Command Create()
    {
        Argument<string[]> source = new("SOURCE")
        {
            Description = $"{BtfSource.Grammar}, and behind it, as bpftool has it, 'format c' or 'root_id ID'.",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> format = new("--format", "-f") { Description = "How to print: 'c' for a header, 'raw' or 'json' as the types are stored.", HelpName = "c|raw|json", DefaultValueFactory = _ => "raw" };
        format.AcceptOnlyFromAmong(Formats);
        Option<uint[]> roots = new("--root", "-r") { Description = "Print this type, and as C what it needs; may be given several times.", HelpName = "ID" };
        Option<string?> baseFile = new("--base", "--base-btf", "-B") { Description = "The types that those of the file go on from, when it is a module's; those in /sys/kernel/btf go on from the kernel's.", HelpName = "BTF" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("dump", "Prints types as C, or as they are stored.") { source, format, roots, baseFile, json };
        command.SetAction(result => Run(
            new Words(result.GetRequiredValue(source)), result.GetValue(baseFile), result.GetValue(json) ? "json" : result.GetRequiredValue(format), result.GetValue(roots) ?? []));
        return command;
    }

    private static int Run(Words words, string? baseFile, string format, uint[] wanted)
    {
        BtfReader btf;
        uint[] roots;
        try
        {
            (btf, IReadOnlyList<uint> named) = BtfSource.Take(words, baseFile);
            List<uint> all = [.. named, .. wanted];
            while (!words.AtEnd)
            {
                if (words.TryTake("format")) format = TakeFormat(words, format);
                else if (words.TryTake("root_id")) all.Add(words.TakeNumber("the id of a type"));
                else words.End();
            }

            roots = [.. all];
            foreach (uint root in roots)
            {
                if (root > int.MaxValue) throw new BpfFormatException($"Type [{root}] does not exist: there are {btf.TypeCount}.");
                _ = btf[new BtfTypeId((int)root)];
            }
        }
        catch (UsageException e)
        {
            return CommandLine.RefuseUsage(Name, e.Message);
        }
        catch (BpfLoaderException e)
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

    // With --json it is JSON all the same.
    private static string TakeFormat(Words words, string format)
    {
        string word = words.Take("a format");
        if (!Formats.Contains(word)) throw new UsageException($"'{word}' is no format; write one of {string.Join(", ", Formats)}.");
        return format == "json" ? format : word;
    }
}
