using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using Bpf.Loader;
using Bpf.Tool.Output;
using Spectre.Console;

namespace Bpf.Tool.Commands;

/// <summary><c>bpf btf list</c>: the types that the kernel holds.</summary>
internal static class BtfListCommand
{
    public static Command Create()
    {
        Option<bool> json = CommonOptions.Json();
        var command = new Command("list", "Lists the BTF that the kernel holds: its own, its modules', and those of programs and maps.") { json };
        command.SetAction(result =>
        {
            if (!OperatingSystem.IsLinux()) return CommandLine.RefuseSystem("btf list");
            try
            {
                IReadOnlyList<BpfBtfInfo> all = BpfBtf.List();
                if (result.GetValue(json)) WriteJson(all);
                else Print(all);
                return ExitCode.Done;
            }
            catch (BpfException e)
            {
                return Refusals.Print(e);
            }
        });
        return command;
    }

    private static void WriteJson(IReadOnlyList<BpfBtfInfo> all)
    {
        using var lines = new JsonLines();
        foreach (BpfBtfInfo info in all)
        {
            lines.Write(info, static (writer, info) =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("id", info.Id);
                writer.WriteString("name", info.Name);
                writer.WriteNumber("size", info.Size);
                writer.WriteBoolean("kernel", info.IsKernel);
                writer.WriteEndObject();
            });
        }
    }

    private static void Print(IReadOnlyList<BpfBtfInfo> all)
    {
        Table table = Screen.Table(">id", "name", ">size", "of");
        foreach (BpfBtfInfo info in all)
        {
            table.AddTextRow(
                info.Id.ToString(CultureInfo.InvariantCulture), info.Name, $"{info.Size} B", !info.IsKernel ? "a program or map" : info.Name == "vmlinux" ? "the kernel" : "a module");
        }

        Screen.Write(table);
    }
}
