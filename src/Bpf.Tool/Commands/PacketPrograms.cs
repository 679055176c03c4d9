using System;
using System.Globalization;
using System.Linq;
using Bpf.Loader;
using Bpf.Loader.Testing;

namespace Bpf.Tool.Commands;

/// <summary>The programs that take packets, and what they decide.</summary>
internal static class PacketPrograms
{
    private const int EthernetHeader = 14;

    /// <summary>Runs such a program on a packet.</summary>
    /// <exception cref="BpfFormatException">The packet was captured without its Ethernet header.</exception>
    public static BpfRun Run(BpfMachineProgram program, ReadOnlySpan<byte> packet)
    {
        if (packet.Length < EthernetHeader) throw new BpfFormatException($"A packet of the capture has {packet.Length} bytes, which is less than an Ethernet header: no program sees such.", null, null);
        return program.Type switch
        {
            BpfProgramType.Xdp => program.RunXdp(packet),
            BpfProgramType.CgroupSkb => program.RunCgroup(packet),
            BpfProgramType.SocketFilter => program.RunSocketFilter(packet),
            _ => program.RunTc(packet),
        };
    }

    /// <summary>All of an object, or the one that is named.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public static BpfMachineProgram[] All(BpfMachineObject loaded, string? name, string path)
    {
        BpfMachineProgram[] able = [.. loaded.Programs.Where(static program => TakesPackets(program.Type))];
        if (name is null && able.Length > 0) return able;
        if (able.FirstOrDefault(program => program.Name == name) is { } named) return [named];
        string known = able.Length == 0 ? "it has none that takes packets" : $"it has {string.Join(", ", able.Select(static program => program.Name))}";
        throw new UsageException($"--program {name}: {path} has no such program of packets; {known}.");
    }

    private static bool TakesPackets(BpfProgramType type) => type is BpfProgramType.Xdp or BpfProgramType.SchedCls or BpfProgramType.SchedAct or BpfProgramType.SocketFilter or BpfProgramType.CgroupSkb;

    /// <summary>The only one, or the one that is named.</summary>
    /// <exception cref="UsageException">There is none, or several.</exception>
    public static BpfMachineProgram Choose(BpfMachineObject loaded, string? name, string path) => All(loaded, name, path) is [var only]
        ? only
        : throw new UsageException($"--program names which of {string.Join(", ", All(loaded, null, path).Select(static program => program.Name))}.");

    /// <summary>What a program decided, in a word.</summary>
    public static string VerdictOf(BpfProgramType type, BpfRun run) => type switch
    {
        BpfProgramType.Xdp => Enum.IsDefined(run.Action) ? run.Action.ToString() : $"{run.ReturnValue}, which drops it",
        BpfProgramType.SchedCls or BpfProgramType.SchedAct when Enum.IsDefined(run.TcAction) => run.TcAction.ToString(),
        BpfProgramType.SocketFilter => run.ReturnValue == 0 ? "Drop" : "Keep",
        BpfProgramType.CgroupSkb => (run.ReturnValue & 1) == 0 ? "Drop" : "Pass",
        _ => run.ReturnValue.ToString(CultureInfo.InvariantCulture),
    };
}
