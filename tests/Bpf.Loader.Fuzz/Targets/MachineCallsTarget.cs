using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing;
using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Maps;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Calls of all helpers and kernel functions of the machine, with arguments that no verifier would let pass.</summary>
internal sealed class MachineCallsTarget() : FuzzTarget("machine-calls")
{
    private const int BytesOfCall = 16, MaximumCalls = 6, StackRoom = 256;

    private static readonly BpfMapType[] NumberedMaps =
    [
        BpfMapType.Array, BpfMapType.PerCpuArray, BpfMapType.ProgArray, BpfMapType.PerfEventArray, BpfMapType.CgroupArray, BpfMapType.StackTrace, BpfMapType.DevMap,
        BpfMapType.SockMap, BpfMapType.Hash, BpfMapType.LruHash, BpfMapType.PerCpuHash, BpfMapType.LpmTrie, BpfMapType.HashOfMaps, BpfMapType.SockHash,
        BpfMapType.Queue, BpfMapType.Stack, BpfMapType.BloomFilter, BpfMapType.RingBuf, BpfMapType.UserRingBuf, BpfMapType.TaskStorage, BpfMapType.CgroupStorage, BpfMapType.Arena,
    ];

    private static readonly string[] Helpers = [.. Enumerable.Range(1, BpfHelper.Count - 1).Select(BpfHelper.GetName).OfType<string>()];

    public override long AllocationBase => 256 << 20;

    public override int Share => 3;

    public override byte[] Make(FuzzRandom random) => random.Bytes(2 + (BytesOfCall * random.Next(1, MaximumCalls)));

    public override bool IsRefusal(Exception exception) => exception is BpfLoaderException;

    public override void Run(byte[] input)
    {
        if (input.Length < 2) return;
        var machine = new BpfMachine { InstructionBudget = 20_000, CpuCount = 2, AllowUninitialisedStack = (input[0] & 1) != 0, Coverage = null, KernelStack = [1, 2, 3] };
        machine.Current = machine.Kernel.New("task_struct", static task => task["pid"] = 7);
        machine.FindSocket = static (_, _, _) => new SocketObject();
        machine.FindRoute = static (_, _, _) => new BpfRoute(3);
        machine.PathOf = static _ => "/etc/passwd";
        BpfContext context = ContextOf(input[0] >> 1);
        context.Enter(machine);
        ulong[] values = [.. Values(machine)];
        string[] functions = [.. machine.KernelFunctions.Names.Order(StringComparer.Ordinal)];
        var code = new BpfAssembler().Move(R6, R1);
        List<string?> called = [];
        for (int at = 2; at + BytesOfCall <= input.Length; at += BytesOfCall) AddCall(code, input.AsSpan(at, BytesOfCall), values, functions, called);
        BpfInstruction[] instructions = code.Move(R0, 0).Exit().Label("function").Load(BpfAccessSize.DoubleWord, R0, R10, -8).Exit().ToArray();
        var program = new MachineCode("calls", instructions, null, machine.Memory);
        int next = 0;
        for (int i = 0; i < instructions.Length; i++)
        {
            if (program[i].Operation != Operation.CallKernelFunction) continue;
            program[i].Immediate = program.KernelFunctions.Count;
            program.KernelFunctions.Add(machine.KernelFunctions.Find(called[next++]!));
        }

        machine.Executor.Run(program, context, out _);
        machine.Advance(TimeSpan.FromSeconds(1));
    }

    // Which function, then for each argument its kind and a number.
    private static void AddCall(BpfAssembler code, ReadOnlySpan<byte> bytes, ulong[] values, string[] functions, List<string?> called)
    {
        for (int i = 0; i < 5; i++)
        {
            var register = (BpfRegister)(i + 1);
            byte kind = bytes[2 + (2 * i)];
            sbyte number = (sbyte)bytes[3 + (2 * i)];
            switch (kind % 8)
            {
                case 0 or 1:
                    code.Move(register, R10).Alu(BpfAluOperation.Add, register, -StackRoom + ((number & 0x1f) * 8));
                    break;
                case 2:
                    code.Move(register, R6).Alu(BpfAluOperation.Add, register, number > 100 ? number : 0);
                    break;
                case 3 or 4:
                    code.LoadImmediate64(register, values[(byte)number % values.Length]);
                    break;
                case 5:
                    code.Move(register, number % 40);
                    break;
                case 6 when i == 1 || i == 2:
                    code.LoadFunction(register, "function");
                    break;
                case 6:
                    code.Load(BpfAccessSize.DoubleWord, register, R10, (short)(-StackRoom + ((number & 0x1f) * 8)));
                    break;
                default:
                    code.LoadImmediate64(register, unchecked((ulong)number << (kind / 8 * 2 % 64)));
                    break;
            }
        }

        if ((bytes[0] & 0x80) == 0)
        {
            code.CallHelper(NumberOf(Helpers[((bytes[0] << 8) | bytes[1]) % Helpers.Length]));
        }
        else
        {
            code.Add(new BpfInstruction(BpfOpCode.Call, 0, BpfPseudo.KernelFunctionCall, 0, -1));
            called.Add(functions[bytes[1] % functions.Length]);
        }

        // What it returned is there for the next ones.
        code.Store(BpfAccessSize.DoubleWord, R10, (short)(-StackRoom + ((bytes[15] & 0x1f) * 8)), R0);
    }

    private static IEnumerable<ulong> Values(BpfMachine machine)
    {
        foreach (BpfMapType type in NumberedMaps)
        {
            BpfMachineMap map = MapFactory.Create(machine, Define(type), null);
            yield return map.Handle;
            if (map is ArrayMap array) yield return array.AddressOf(1);
        }

        yield return machine.Current!.Address;
        yield return machine.Kernel.NewText("text %s %d");
        yield return machine.Kernel.NewBytes(new byte[8]) + 4;
        yield return machine.User.Add([1, 2, 3, 4, 5, 6, 7, 8]);
        yield return machine.Kernel.New("cgroup_subsys_state").Address;
    }

    private static BpfMapDefinition Define(BpfMapType type)
    {
        var definition = new BpfMapDefinition(type.ToString(), BpfMapKind.User)
        {
            Type = type,
            KeySize = type switch { BpfMapType.LpmTrie or BpfMapType.CgroupStorage => 8, BpfMapType.Queue or BpfMapType.Stack or BpfMapType.BloomFilter or BpfMapType.RingBuf or BpfMapType.UserRingBuf or BpfMapType.Arena => 0, _ => 4 },
            ValueSize = type switch
            {
                BpfMapType.RingBuf or BpfMapType.UserRingBuf or BpfMapType.Arena => 0,
                BpfMapType.ProgArray or BpfMapType.PerfEventArray or BpfMapType.CgroupArray or BpfMapType.DevMap or BpfMapType.SockMap or BpfMapType.SockHash or BpfMapType.HashOfMaps => 4,
                _ => 64,
            },
            MaxEntries = type switch { BpfMapType.RingBuf or BpfMapType.UserRingBuf => 4096, BpfMapType.TaskStorage or BpfMapType.CgroupStorage => 0, _ => 8 },
        };
        definition.Flags = type switch { BpfMapType.LpmTrie or BpfMapType.TaskStorage => BpfMapFlags.NoPrealloc, BpfMapType.Arena => BpfMapFlags.Mmapable, _ => 0 };
        return definition;
    }

    private static BpfContext ContextOf(int choice) => (choice % 8) switch
    {
        0 => new XdpContext(new byte[64]),
        1 => new SkBuffContext(new byte[64]) { Socket = new SocketObject() },
        2 => new SkBuffContext(new byte[14]) { StartsAtNetworkHeader = true },
        3 => new TracingContext([1, 2, 3], 4),
        4 => new RegisterContext(),
        5 => new SysctlContext("net/x", "1", "2"),
        6 => new SkMsgContext(new byte[32]),
        _ => new BytesContext(new byte[64]),
    };

    private static int NumberOf(string helper) => BpfHelper.TryGetNumber(helper, out int number) ? number : throw new InvalidOperationException(helper);
}
