using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Classic;
using Bpf.Loader.Testing;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Classic;

/// <summary><c>bpf classic run</c>: what a filter decides of the packets of a capture, or of a system call.</summary>
internal static class ClassicRunCommand
{
    public static Command Create()
    {
        Argument<string> file = ClassicCommand.File();
        Option<string?> packets = new("--packets") { Description = "A capture by tcpdump -w: what the filter decides of each of its packets.", HelpName = "PCAP" };
        Option<string?> call = new("--call") { Description = "A system call, as its number and arguments with commas: what the filter, which is one of seccomp then, decides of it.", HelpName = "NUMBER,…" };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("run", "Runs a filter in user space, and prints what it decides.") { file, packets, call, json };
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(file);
            return ClassicCommand.Run("run", path, () => (result.GetValue(packets), result.GetValue(call)) switch
            {
                (string capture, null) => RunPackets(path, capture, result.GetValue(json)),
                (null, string numbers) => RunCall(path, numbers, result.GetValue(json)),
                _ => throw new UsageException("either --packets or --call says what the filter is run on."),
            });
        });
        return command;
    }

    private static int RunPackets(string path, string capture, bool asJson)
    {
        BpfMachineFilter filter = new BpfMachine().Load(ClassicCommand.Read(path));
        IReadOnlyList<CapturedPacket> packets = PacketCapture.Read(BpfFile.ReadAllBytes(capture));
        using JsonLines? json = asJson ? new JsonLines() : null;
        int kept = 0;
        for (int i = 0; i < packets.Count; i++)
        {
            int length = packets[i].Data.Length;
            uint result = filter.Run(packets[i].Data.Span);
            if (result != 0) kept++;
            if (json is null) Console.WriteLine($"{i + 1,6}  {length,5} bytes  {(result == 0 ? "Drop" : $"Keep {Math.Min(result, (uint)length)}")}");
            json?.Write((Number: i + 1, Length: length, Result: result), static (writer, line) =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("packet"u8, line.Number);
                writer.WriteNumber("length"u8, line.Length);
                writer.WriteNumber("return"u8, line.Result);
                writer.WriteEndObject();
            });
        }

        if (json is null) Console.WriteLine($"{kept} of {packets.Count} kept");
        return ExitCode.Done;
    }

    private static int RunCall(string path, string text, bool asJson)
    {
        ulong[] numbers = [.. text.Split(',').Select(Number)];
        if (numbers[0] > int.MaxValue || numbers.Length > 7) throw new UsageException($"--call {text}: a system call has a number and up to six arguments.");
        BpfMachineFilter filter = new BpfMachine().Load(ClassicCommand.Read(path), ClassicFilterUse.Seccomp);
        SeccompVerdict verdict = filter.RunSystemCall((int)numbers[0], numbers.AsSpan(1));
        if (!asJson)
        {
            string data = verdict.Action == SeccompAction.Errno ? $" {(Errno)verdict.Data}" : verdict.Data == 0 ? "" : $" with {verdict.Data}";
            Console.WriteLine($"{verdict.Action}{data}");
            return ExitCode.Done;
        }

        using var json = new JsonLines();
        json.Write(verdict, static (writer, line) =>
        {
            writer.WriteStartObject();
            writer.WriteString("action"u8, line.Action.ToString());
            writer.WriteNumber("data"u8, line.Data);
            writer.WriteEndObject();
        });
        return ExitCode.Done;
    }

    private static ulong Number(string text)
    {
        bool isHexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return ulong.TryParse(isHexadecimal ? text.AsSpan(2) : text, isHexadecimal ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new UsageException($"--call: '{text}' is no number.");
    }
}
