using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Loading;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;
using Bpf.Loader.Testing;

namespace Bpf.Loader.KernelTests.Testing;

/// <summary>Runs the programs of an object that have a test run, in this kernel and in the machine, and tells what differs.</summary>
internal sealed class ObjectComparison : IDisposable
{
    private readonly BpfObject _kernel;
    private readonly BpfMachine _machine;
    private readonly BpfMachineObject _mine;

    private ObjectComparison(BpfObject kernel, BpfMachine machine, BpfMachineObject mine)
    {
        _kernel = kernel;
        _machine = machine;
        _mine = mine;
    }

    /// <summary>Which programs ran in both, for the test to count.</summary>
    public List<string> Ran { get; } = [];

    /// <summary>What differs.</summary>
    public List<string> Differences { get; } = [];

    /// <summary>Loads an object into both; null when this kernel takes none of its programs.</summary>
    public static ObjectComparison? TryLoad(string path)
    {
        BpfObjectFile file;
        try
        {
            file = BpfObjectFile.Open(path);
        }
        catch (BpfFormatException)
        {
            return null;
        }

        foreach (BpfMapDefinition map in file.Maps) map.PinPath = null;
        BpfObject? kernel = null;
        foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = CanRun(program.Type);
        if (file.Programs.Any(static program => program.AutoLoad)) kernel = TryLoad(file);
        if (kernel is null)
        {
            // One program that this kernel refuses shall not hide the others.
            foreach (BpfProgramDefinition program in file.Programs)
            {
                if (!program.AutoLoad) continue;
                BpfObjectFile alone = file.Clone();
                foreach (BpfProgramDefinition other in alone.Programs) other.AutoLoad = other.Name == program.Name;
                using BpfObject? loaded = TryLoad(alone);
                program.AutoLoad = loaded is not null;
            }

            if (!file.Programs.Any(static program => program.AutoLoad)) return null;
            kernel = TryLoad(file);
            if (kernel is null) return null;
        }

        KernelVersion version = KernelVersion.Current;
        var machine = new BpfMachine(KernelTypes.Of(BpfBtf.Kernel, new Version(version.Major, version.Minor, version.Patch), [.. ModuleBtfCatalog.Files.Select(static module => module.Types)]))
        {
            CpuCount = PossibleCpus.Count,
            AllowUninitialisedStack = true,
            Process = new MachineProcess { ProcessId = Environment.ProcessId, ThreadId = Environment.ProcessId },
        };
        AddKernel(machine, file);
        return new ObjectComparison(kernel, machine, machine.Load(file));
    }

    /// <summary>Runs all programs, each on some packets, and compares the maps at the end.</summary>
    public void Run()
    {
        Cpu.StayOn(0);
        foreach (BpfProgram program in _kernel.Programs)
        {
            if (!CanRun(program.Type)) continue;
            foreach (byte[] packet in Packets) Run(program, packet);
        }

        // The timers of the kernel have long been due.
        _machine.Advance(TimeSpan.FromSeconds(1));
        foreach (BpfMap map in _kernel.Maps) Compare(map);
    }

    public void Dispose() => _kernel.Dispose();

    private static bool CanRun(BpfProgramType type) => type is BpfProgramType.Xdp or BpfProgramType.SchedCls or BpfProgramType.SchedAct
        or BpfProgramType.SocketFilter or BpfProgramType.CgroupSkb or BpfProgramType.Syscall or BpfProgramType.RawTracepoint
        or BpfProgramType.LwtIn or BpfProgramType.LwtOut or BpfProgramType.LwtXmit or BpfProgramType.Netfilter;

    private static IEnumerable<byte[]> Packets =>
    [
        Packet.Ethernet().IPv4("10.1.2.3", "10.0.0.1").Tcp(port: 80).Payload("GET / HTTP/1.1\r\n\r\n").ToArray(),
        Packet.Ethernet().IPv4("192.0.2.1", "10.0.0.1").Udp(port: 53).Payload("question").ToArray(),
        Packet.Ethernet().IPv6("2001:db8::1", "2001:db8::2").Icmp(type: 128).Payload(new byte[40]).ToArray(),
        Packet.Ethernet().Arp("02:00:00:00:00:01", "10.0.0.1", "10.0.0.2").Payload(new byte[18]).ToArray(),
    ];

    // What the object asks this kernel for, the machine's gets as well.
    private static void AddKernel(BpfMachine machine, BpfObjectFile file)
    {
        string[] options = [.. file.Externs.Where(static each => each.Kind == BpfExternKind.KernelConfig && each.Name.StartsWith("CONFIG_", StringComparison.Ordinal)).Select(static each => each.Name)];
        if (options.Length > 0)
        {
            machine.Kernel.Config.Clear();
            KernelConfig config = KernelConfig.Read(options, null);
            foreach (string option in options)
            {
                if (config.TryGet(option, out string? value)) machine.Kernel.Config[option] = value;
            }
        }

        if (file.Externs.Any(static each => each.Name == "LINUX_HAS_SYSCALL_WRAPPER"))
            machine.Kernel.Config["LINUX_HAS_SYSCALL_WRAPPER"] = KernelFeatures.Current.Supports(KernelFeature.SyscallWrapper) ? "1" : "0";

        string[] symbols = [.. file.Externs.Where(static each => each.IsTypeless).Select(static each => each.Name)];
        if (symbols.Length == 0) return;
        foreach ((string name, KernelSymbolAddress symbol) in KernelFacts.FindAddresses(symbols, out _)) machine.Kernel.SetSymbol(name, symbol.Address);
    }

    private static BpfObject? TryLoad(BpfObjectFile file)
    {
        try
        {
            return file.Load();
        }
        catch (BpfLoaderException)
        {
            return null;
        }
    }

    private void Run(BpfProgram program, byte[] packet)
    {
        bool hasPacket = program.Type is not (BpfProgramType.Syscall or BpfProgramType.RawTracepoint);
        byte[] context = hasPacket ? [] : new byte[program.Type == BpfProgramType.Syscall ? 64 : 96];
        if (!hasPacket) packet.AsSpan(0, Math.Min(24, context.Length)).CopyTo(context);
        BpfTestRunResult expected;
        try
        {
            expected = program.TestRun(new BpfTestRunOptions { Data = hasPacket ? packet : default, Context = context });
        }
        catch (BpfException)
        {
            return; // The kernel has no test run for it in this form.
        }

        BpfMachineProgram mine = _mine.Program(program.Name);
        BpfContext mineContext = program.Type switch
        {
            BpfProgramType.Xdp => new XdpContext(packet),
            BpfProgramType.SchedCls or BpfProgramType.SchedAct => new SkBuffContext(packet),
            BpfProgramType.Syscall or BpfProgramType.RawTracepoint => new BytesContext(context),
            BpfProgramType.Netfilter => new NetfilterContext(packet) { StartsAtEthernetHeader = true },
            _ => new SkBuffContext(packet) { StartsAtNetworkHeader = true },
        };
        // bpf_prog_test_run_skb gives the packet a socket, which is in the root of all cgroups.
        if (mineContext is SkBuffContext skb) skb.Socket = new SocketObject { CgroupId = 1 };
        Ran.Add(program.Name);
        try
        {
            BpfRun actual = mine.Run(mineContext);
            _machine.Advance(TimeSpan.FromMilliseconds(1));
            if ((uint)actual.ReturnValue != expected.ReturnValue) Differences.Add($"{program.Name} returns {expected.ReturnValue} in the kernel, {actual.ReturnValue} in the machine");
            // The kernel forgets the Ethernet header where programs do not see it.
            int from = mineContext is SkBuffContext { StartsAtNetworkHeader: true } ? 14 : 0;
            if (hasPacket && mineContext is not NetfilterContext && !actual.Packet.Span[from..].SequenceEqual(expected.Data.Span[from..]))
                Differences.Add($"{program.Name} leaves the packet {Convert.ToHexString(expected.Data.Span)} in the kernel, {Convert.ToHexString(actual.Packet.Span)} in the machine");
            if (program.Type == BpfProgramType.Syscall && !expected.Context.Span.SequenceEqual(((BytesContext)mineContext).Bytes))
                Differences.Add($"{program.Name} leaves another context");
        }
        catch (BpfMachineFault fault)
        {
            Differences.Add($"{program.Name}: {fault.Message}");
        }
    }

    private void Compare(BpfMap map)
    {
        bool isPerCpu = map.Type is BpfMapType.PerCpuArray or BpfMapType.PerCpuHash or BpfMapType.LruPerCpuHash;
        if (!isPerCpu && map.Type is not (BpfMapType.Array or BpfMapType.Hash or BpfMapType.LruHash or BpfMapType.LpmTrie)) return;
        BpfMachineMap mine = _mine.Map(map.Name);
        byte[] key = new byte[map.KeySize], next = new byte[map.KeySize];
        var expected = new SortedDictionary<string, string>();
        for (bool more = map.TryGetNextKey([], next); more && expected.Count < 4096; more = map.TryGetNextKey(key, next))
        {
            next.CopyTo(key, 0);
            byte[] value = new byte[map.ValueBufferSize];
            if (map.TryGet(key, value)) expected[Convert.ToHexString(key)] = isPerCpu ? Sum(value, map.ValueSize) : Convert.ToHexString(value.AsSpan(0, map.ValueSize));
        }

        foreach (byte[] each in mine.Keys.Take(4096))
        {
            string name = Convert.ToHexString(each), actual = isPerCpu ? SumOf(mine, each) : ValueOf(mine, each);
            if (!expected.Remove(name, out string? value)) Differences.Add($"{map.Name}[{name}] is in the machine only");
            else if (value != actual && !IsTimeOrAddress(map.Name)) Differences.Add($"{map.Name}[{name}] is {value} in the kernel, {actual} in the machine");
        }

        foreach (string name in expected.Keys) Differences.Add($"{map.Name}[{name}] is in the kernel only");
    }

    // What a program takes from the clock of the kernel, or a timer does in it, which may be set again before it runs; heads of lists.
    private static bool IsTimeOrAddress(string map) => map.EndsWith(".kconfig", StringComparison.Ordinal) || map is "started" or "timers" or ".bss.A" or ".bss.B";

    private static string ValueOf(BpfMachineMap map, byte[] key)
    {
        byte[] value = new byte[map.ValueSize];
        return map.TryGet(key, value) ? Convert.ToHexString(value) : "missing";
    }

    // On which CPU a program ran is chance; the sum of all is not.
    private static string Sum(byte[] value, int size)
    {
        ulong sum = 0;
        int stride = (size + 7) & ~7;
        for (int at = 0; at < value.Length; at += stride)
        {
            for (int i = 0; i + 4 <= size; i += 4) sum += BitConverter.ToUInt32(value, at + i);
        }

        return sum.ToString("x", null);
    }

    private string SumOf(BpfMachineMap map, byte[] key)
    {
        int stride = (map.ValueSize + 7) & ~7;
        byte[] all = new byte[stride * _machine.CpuCount];
        for (int cpu = 0; cpu < _machine.CpuCount; cpu++) map.TryRead(key, cpu, all.AsSpan(cpu * stride, map.ValueSize));
        return Sum(all, map.ValueSize);
    }
}
