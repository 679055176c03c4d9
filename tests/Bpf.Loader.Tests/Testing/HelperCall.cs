using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Instructions;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;

namespace Bpf.Loader.Tests.Testing;

/// <summary>Calls a helper once, in a machine of its own, with arguments that fit its declaration.</summary>
internal static class HelperCall
{
    private const int Room = 256;

    /// <summary>Calls it.</summary>
    /// <param name="helper">The helper.</param>
    /// <param name="rest">What is in the registers that are not arguments.</param>
    /// <param name="withPointers">False to give numbers in place of pointers.</param>
    /// <returns>What came of it: the result, or the fault.</returns>
    public static string Run(HelperPrototype helper, ulong rest, bool withPointers = true)
    {
        var machine = new BpfMachine { KernelStack = [0xffffffff81000010], AllowUninitialisedStack = true };
        machine.Current = machine.Kernel.New("task_struct", static task => task["tgid"] = 42);
        BpfMachineObject maps = machine.Load(BpfObjectFile.Open(Path.Combine(TestData.Root, "maps_simple.bpf.o")));
        BpfMachineMap map = maps.Maps.First(static each => each.Type == BpfMapType.Array);
        List<BpfInstruction> code = [];
        // The context is kept, and the stack is written: zeros.
        code.Add(new BpfInstruction(BpfOpCode.Alu64 | BpfOpCode.SourceRegister | (int)BpfAluOperation.Move, 6, 1, 0, 0));
        for (int slot = 8; slot <= Room; slot += 8) code.Add(new BpfInstruction(BpfOpCode.Store | BpfOpCode.MemoryMode | BpfOpCode.DoubleWord, 10, 0, (short)-slot, 0));
        string[] parameters = helper.List;
        for (int i = 0; i < 5; i++) Load(code, i + 1, i < parameters.Length ? Value(parameters[i]) : rest);
        code.Add(new BpfInstruction(BpfOpCode.Call, 0, 0, 0, helper.Number));
        code.Add(new BpfInstruction(BpfOpCode.Exit, 0, 0, 0, 0));
        // What points to the stack or the context is made of their registers.
        for (int i = 0; i < parameters.Length && withPointers; i++) Point(code, i + 1, parameters[i]);

        var program = new MachineCode(helper.Name, code.ToArray(), null, machine.Memory);
        BpfContext context = parameters.Length > 0 && parameters[0].Contains("xdp_md", StringComparison.Ordinal)
            ? new XdpContext(Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray())
            : new SkBuffContext(Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).ToArray());
        context.Enter(machine);
        try
        {
            return ((long)machine.Executor.Run(program, context, out _)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (BpfMachineFault fault)
        {
            return "fault: " + fault.Reason;
        }

        ulong Value(string parameter) =>
            !withPointers && parameter.Contains('*', StringComparison.Ordinal) ? 0x1234
            : parameter.Contains("*map", StringComparison.Ordinal) || parameter.Contains("_map", StringComparison.Ordinal) ? map.Handle
            : parameter.Contains("struct task_struct", StringComparison.Ordinal) ? machine.Current!.Address
            : 4;
    }

    private static void Point(List<BpfInstruction> code, int register, string parameter)
    {
        if (!parameter.Contains('*', StringComparison.Ordinal) || parameter.Contains("map", StringComparison.Ordinal) || parameter.Contains("struct task_struct", StringComparison.Ordinal)) return;
        bool isContext = parameter.Contains("ctx", StringComparison.Ordinal) || parameter.Contains("__sk_buff", StringComparison.Ordinal) || parameter.Contains("xdp_md", StringComparison.Ordinal);
        int call = code.Count - 2;
        code.Insert(call, new BpfInstruction(BpfOpCode.Alu64 | BpfOpCode.SourceRegister | (int)BpfAluOperation.Move, register, isContext ? 6 : 10, 0, 0));
        if (!isContext) code.Insert(call + 1, new BpfInstruction(BpfOpCode.Alu64 | (int)BpfAluOperation.Add, register, 0, 0, -Room));
    }

    private static void Load(List<BpfInstruction> code, int register, ulong value)
    {
        code.Add(new BpfInstruction(BpfOpCode.LoadImmediate64, register, 0, 0, (int)value));
        code.Add(new BpfInstruction(0, 0, 0, 0, (int)(value >> 32)));
    }
}
