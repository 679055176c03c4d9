using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.Json;
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
                BtfUsers users = BtfUsers.Find();
                if (result.GetValue(json)) WriteJson(all, users);
                else Print(all, users);
                return ExitCode.Done;
            }
            catch (BpfException e)
            {
                return Refusals.Print(e);
            }
        });
        return command;
    }

    [SupportedOSPlatform("linux")]
    private static void WriteJson(IReadOnlyList<BpfBtfInfo> all, BtfUsers users)
    {
        using var lines = new JsonLines();
        foreach (BpfBtfInfo info in all)
        {
            lines.Write(info, (writer, info) =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("id", info.Id);
                writer.WriteNumber("size", info.Size);
                WriteIds(writer, "prog_ids", users.Programs[info.Id]);
                WriteIds(writer, "map_ids", users.Maps[info.Id]);
                writer.WriteBoolean("kernel", info.IsKernel);
                if (info.Name.Length > 0) writer.WriteString("name", info.Name);
                writer.WriteEndObject();
            });
        }
    }

    private static void WriteIds(Utf8JsonWriter json, string name, IEnumerable<uint> ids)
    {
        json.WriteStartArray(name);
        foreach (uint id in ids) json.WriteNumberValue(id);
        json.WriteEndArray();
    }

    [SupportedOSPlatform("linux")]
    private static void Print(IReadOnlyList<BpfBtfInfo> all, BtfUsers users)
    {
        Table table = Screen.Table(">id", "name", ">size", "of");
        foreach (BpfBtfInfo info in all)
        {
            table.AddTextRow(
                info.Id.ToString(CultureInfo.InvariantCulture), info.Name.Length > 0 ? info.Name : "<anon>", $"{info.Size} B", !info.IsKernel ? users.Describe(info.Id) : info.Name == "vmlinux" ? "the kernel" : "a module");
        }

        Screen.Write(table);
    }
}
