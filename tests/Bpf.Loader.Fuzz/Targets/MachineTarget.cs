using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Elf;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>The programs of a damaged object, in the machine: each ends with a result or a fault, interpreted as well as compiled.</summary>
internal sealed class MachineTarget() : FuzzTarget("machine")
{
    private const int InstructionSize = 8, Budget = 3000;

    // Machines have stacks for all tail calls, and values are allocated in chunks.
    public override long AllocationBase => 256 << 20;

    public override long AllocationPerByte => 4000;

    public override int Share => 2;

    public override byte[] Make(FuzzRandom random)
    {
        if (random.Once(4)) return Seeds.MutatedObject(random);
        byte[] copy = (byte[])random.Pick(Seeds.Objects).Image.Clone();
        IReadOnlyList<ElfSection> code = [.. ElfFile.Read(copy).Sections.Where(static section => (section.Flags & ElfSectionFlags.Executable) != 0 && section.Size >= InstructionSize)];
        if (code.Count == 0) return copy;
        for (int changes = random.Next(1, 6); changes > 0; changes--)
        {
            ElfSection section = random.Pick(code);
            Damage(copy.AsSpan((int)section.Offset + (random.Next((int)section.Size / InstructionSize) * InstructionSize), InstructionSize), random);
        }

        return copy;
    }

    public override bool IsRefusal(Exception exception) => exception is BpfLoaderException or NotSupportedException;

    public override void Run(byte[] input)
    {
        BpfObjectFile file = BpfObjectFile.Read(input, "damaged.bpf.o");
        // Memory that is legal, and asked for, is no fault.
        if (file.Maps.Any(static map => map.ValueSize > 1 << 16 || (map.Type is BpfMapType.Arena or BpfMapType.RingBuf && map.MaxEntries > 1 << 20))) return;
        BpfMachineObject interpreted = Load(file.Clone(), BpfCompilation.Never), compiled = Load(file.Clone(), BpfCompilation.Always);
        // By their order: names may be the same.
        foreach ((BpfMachineProgram program, BpfMachineProgram twin) in interpreted.Programs.Zip(compiled.Programs))
        {
            foreach (Func<BpfContext> make in Contexts)
            {
                string first = Outcome(program, make()), second = Outcome(twin, make());
                Oracle.Same(first, second, $"{program.Name} ends otherwise when it is compiled");
            }
        }
    }

    private static Func<BpfContext>[] Contexts { get; } =
    [
        static () => new XdpContext(Frame), static () => new SkBuffContext(Frame), static () => new SkBuffContext(Frame) { StartsAtNetworkHeader = true },
        static () => new RegisterContext(), static () => new TracingContext([1, ulong.MaxValue, 0]), static () => new BytesContext(new byte[64]), static () => new NetfilterContext(Frame),
    ];

    private static byte[] Frame { get; } = Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).Payload("GET /").ToArray();

    private static BpfMachineObject Load(BpfObjectFile file, BpfCompilation compilation) =>
        new BpfMachine { InstructionBudget = Budget, CpuCount = 2, Compilation = compilation, Coverage = null }.Load(file);

    private static string Outcome(BpfMachineProgram program, BpfContext context)
    {
        try
        {
            ulong result = program.Execute(context, out long instructions);
            return $"0x{result:x} after {instructions}";
        }
        catch (BpfLoaderException e)
        {
            return e.Message;
        }
    }

    private static void Damage(Span<byte> instruction, FuzzRandom random)
    {
        switch (random.Next(6))
        {
            case 0:
                instruction[0] = (byte)random.Next(256);
                break;
            case 1:
                instruction[1] = (byte)random.Next(256);
                break;
            case 2:
                BitConverter.TryWriteBytes(instruction[2..], (short)random.Next(-64, 64));
                break;
            case 3:
                BitConverter.TryWriteBytes(instruction[4..], random.Next(220));
                break;
            case 4:
                BitConverter.TryWriteBytes(instruction[4..], random.NextSkewed());
                break;
            default:
                random.Bytes(InstructionSize).CopyTo(instruction);
                break;
        }
    }
}
