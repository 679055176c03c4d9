using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Testing;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary>Runs the packet programs of an object in the machine, on the packets of a capture, and prints what they decide.</summary>
internal sealed class MachineRun(RunRequest request)
{
    private readonly Dictionary<(string Program, string Verdict), int> _counts = [];

    /// <summary>Runs each program on each packet, in their order.</summary>
    /// <exception cref="UsageException">The request names something that the object does not have.</exception>
    /// <exception cref="BpfLoaderException">The object or the capture is malformed, or a program faults.</exception>
    public int Run()
    {
        BpfObjectFile file = BpfObjectFile.Open(request.File);
        foreach (string assignment in request.Assignments) VariableAssignment.Apply(file, assignment);
        IReadOnlyList<CapturedPacket> packets = PacketCapture.Read(BpfFile.ReadAllBytes(request.Packets!));
        var machine = new BpfMachine(request.Btf is null ? KernelTypes.Linux_6_12 : KernelTypes.Of(BtfFile.Read(request.Btf)));
        BpfMachineProgram[] programs = PacketPrograms.All(machine.Load(file), request.Program, request.File);
        using JsonLines? json = request.Json ? new JsonLines() : null;
        for (int i = 0; i < packets.Count; i++)
        {
            foreach (BpfMachineProgram program in programs)
            {
                BpfRun run = PacketPrograms.Run(program, packets[i].Data.Span);
                Report(json, i + 1, packets[i], program, run);
            }
        }

        if (json is null) Conclude(packets.Count);
        return ExitCode.Done;
    }

    private void Report(JsonLines? json, int number, CapturedPacket packet, BpfMachineProgram program, BpfRun run)
    {
        string verdict = PacketPrograms.VerdictOf(program.Type, run);
        _counts[(program.Name, verdict)] = _counts.GetValueOrDefault((program.Name, verdict)) + 1;
        if (json is null)
        {
            string to = run.Redirect is not { } redirect ? "" : redirect.Map is null ? $" to device {redirect.Index}" : $" to {redirect.Map}[{redirect.Index}]";
            Console.WriteLine($"{number,6}  {packet.Data.Length,5} bytes  {program.Name}: {verdict}{to}");
            return;
        }

        json.Write((number, packet, program, run, verdict), static (writer, line) =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("packet"u8, line.number);
            writer.WriteNumber("length"u8, line.packet.Data.Length);
            writer.WriteString("program"u8, line.program.Name);
            writer.WriteNumber("return"u8, line.run.ReturnValue);
            writer.WriteString("verdict"u8, line.verdict);
            if (line.run.Redirect is { } redirect)
            {
                writer.WriteString("map"u8, redirect.Map);
                writer.WriteNumber("index"u8, redirect.Index);
            }

            writer.WriteNumber("instructions"u8, line.run.Instructions);
            writer.WriteEndObject();
        });
    }

    private void Conclude(int packets)
    {
        Console.WriteLine($"{packets} {(packets == 1 ? "packet" : "packets")}");
        foreach (((string program, string verdict), int count) in _counts.OrderBy(static each => each.Key.Program, StringComparer.Ordinal).ThenByDescending(static each => each.Value))
            Console.WriteLine($"  {program}: {verdict} {count}");
    }
}
