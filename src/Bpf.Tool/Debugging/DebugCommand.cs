using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Testing;
using Bpf.Tool.Commands;
using Bpf.Tool.Output;

namespace Bpf.Tool.Debugging;

/// <summary><c>bpf debug</c>: steps through a program in user space, on the packets of a capture.</summary>
internal static class DebugCommand
{
    public static Command Create()
    {
        Argument<string> file = CommonOptions.File();
        Option<string?> program = new("--program") { Description = "The program; needed when the object has several that take packets.", HelpName = "NAME" };
        Option<string> packet = new("--packet") { Description = "A capture by tcpdump -w, whose packets it is run on.", HelpName = "PCAP", Required = true };
        Option<int?> number = new("--number") { Description = "Only that packet of the capture, from 1 on.", HelpName = "N" };
        Option<string?> script = new("--script") { Description = "Commands to carry out, one a line, rather than those of standard input. 'help' lists them.", HelpName = "FILE" };
        Option<bool> trace = new("--trace") { Description = "Stop nowhere: print each instruction with its line, and the registers and memory that it changes." };
        Option<string[]> set = new("--set") { Description = "Give a global variable another value before the load.", HelpName = "NAME=VALUE" };
        Option<string?> btf = CommonOptions.Btf();
        var command = new Command("debug", "Steps through a program of packets in user space, with breakpoints, variables and maps.") { file, program, packet, number, script, trace, set, btf };
        command.SetAction(result =>
        {
            string path = result.GetRequiredValue(file);
            try
            {
                BpfObjectFile objectFile = BpfObjectFile.Open(path);
                foreach (string assignment in result.GetValue(set) ?? []) VariableAssignment.Apply(objectFile, assignment);
                var machine = new BpfMachine(result.GetValue(btf) is { } types ? KernelTypes.Of(BtfFile.Read(types)) : KernelTypes.Linux_6_12);
                BpfMachineObject loaded = machine.Load(objectFile);
                BpfMachineProgram chosen = PacketPrograms.Choose(loaded, result.GetValue(program), path);
                IReadOnlyList<CapturedPacket> packets = PacketCapture.Read(BpfFile.ReadAllBytes(result.GetRequiredValue(packet)));
                return Run(chosen, Select(packets, result.GetValue(number)), result.GetValue(script), result.GetValue(trace));
            }
            catch (UsageException e)
            {
                return CommandLine.RefuseUsage("debug", e.Message);
            }
            catch (Exception e) when (e is BpfLoaderException or IOException or UnauthorizedAccessException or NotSupportedException)
            {
                Console.Error.WriteLine($"bpf: {Printable.Lines(Failure.Of(e).Message)}");
                return ExitCode.Refused;
            }
        });
        return command;
    }

    private static IEnumerable<(int Number, CapturedPacket Packet)> Select(IReadOnlyList<CapturedPacket> packets, int? number)
    {
        if (number is not { } only) return packets.Select(static (packet, index) => (index + 1, packet));
        return only >= 1 && only <= packets.Count
            ? [(only, packets[only - 1])]
            : throw new UsageException($"--number {only}: the capture has the packets 1 to {packets.Count}.");
    }

    private static int Run(BpfMachineProgram program, IEnumerable<(int Number, CapturedPacket Packet)> packets, string? script, bool isTrace)
    {
        var debugger = isTrace ? null : new Debugger(program, new DebugInput(script));
        var trace = new StepTrace(program.Object.Machine);
        program.Object.Machine.Tracer = isTrace ? trace.Step : debugger!.Step;
        foreach ((int number, CapturedPacket packet) in packets)
        {
            Console.WriteLine($"packet {number}, {packet.Data.Length} bytes");
            try
            {
                BpfRun run = PacketPrograms.Run(program, packet.Data.Span);
                if (isTrace) trace.End();
                debugger?.EndPacket();
                Console.WriteLine($"{program.Name}: {PacketPrograms.VerdictOf(program.Type, run)} after {run.Instructions} instructions");
            }
            catch (DebuggerQuitException)
            {
                return ExitCode.Done;
            }
        }

        return ExitCode.Done;
    }
}
