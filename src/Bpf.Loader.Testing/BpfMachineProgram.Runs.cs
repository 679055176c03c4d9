using System;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing;

public sealed partial class BpfMachineProgram
{
    /// <summary>Runs an XDP program on a packet.</summary>
    /// <param name="packet">The packet, from its Ethernet header on.</param>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunXdp(ReadOnlySpan<byte> packet) => RunOwn(new XdpContext(packet));

    /// <summary>Runs an XDP program on a packet.</summary>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunXdp(Packet packet) => RunXdp(BytesOf(packet));

    /// <summary>Runs a program of tc on a packet.</summary>
    /// <param name="packet">The packet, from its Ethernet header on.</param>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunTc(ReadOnlySpan<byte> packet) => RunOwn(new SkBuffContext(packet));

    /// <summary>Runs a program of tc on a packet.</summary>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunTc(Packet packet) => RunTc(BytesOf(packet));

    /// <summary>Runs a program of a cgroup on a packet, which it sees from its network header on.</summary>
    /// <param name="packet">The packet, from its Ethernet header on.</param>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunCgroup(ReadOnlySpan<byte> packet) => RunOwn(new SkBuffContext(packet) { StartsAtNetworkHeader = true });

    /// <summary>Runs a program of a cgroup on a packet, which it sees from its network header on.</summary>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunCgroup(Packet packet) => RunCgroup(BytesOf(packet));

    /// <summary>Runs a socket filter on a packet.</summary>
    /// <param name="packet">The packet, from its Ethernet header on.</param>
    /// <param name="startsAtNetworkHeader">True when the socket shows packets from their network header on; packet sockets of type raw do not.</param>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunSocketFilter(ReadOnlySpan<byte> packet, bool startsAtNetworkHeader = false) =>
        RunOwn(new SkBuffContext(packet) { StartsAtNetworkHeader = startsAtNetworkHeader });

    /// <summary>Runs a socket filter on a packet.</summary>
    /// <param name="packet">The packet, from its Ethernet header on.</param>
    /// <param name="startsAtNetworkHeader">True when the socket shows packets from their network header on; packet sockets of type raw do not.</param>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunSocketFilter(Packet packet, bool startsAtNetworkHeader = false) => RunSocketFilter(BytesOf(packet), startsAtNetworkHeader);

    /// <summary>Runs a program of a function or typed tracepoint: fentry, LSM, <c>tp_btf</c>, raw tracepoint.</summary>
    /// <param name="arguments">The arguments; of kernel objects their addresses.</param>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunTracing(params ReadOnlySpan<ulong> arguments) => RunOwn(new TracingContext(arguments));

    /// <summary>Runs a program at the end of a function: fexit, <c>fmod_ret</c>.</summary>
    /// <param name="result">What the function returned.</param>
    /// <param name="arguments">The arguments; of kernel objects their addresses.</param>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunTracingExit(ulong result, params ReadOnlySpan<ulong> arguments) => RunOwn(new TracingContext(arguments, result));

    /// <summary>Runs a program of a probe at the start of a function.</summary>
    /// <param name="arguments">The arguments of the function.</param>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunProbe(params ReadOnlySpan<ulong> arguments) => RunOwn(new RegisterContext().SetArguments(arguments));

    /// <summary>Runs a program of a probe at the end of a function.</summary>
    /// <param name="result">What the function returned.</param>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunReturnProbe(ulong result) => RunOwn(new RegisterContext { ReturnValue = result });

    /// <summary>Runs a program of a USDT probe: the machine says of each argument that it is a constant.</summary>
    /// <param name="arguments">The arguments, up to twelve; of texts their addresses.</param>
    /// <exception cref="ArgumentException">There are more.</exception>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunUsdt(params ReadOnlySpan<long> arguments)
    {
        // struct __bpf_usdt_spec: twelve arguments, of 16 bytes or since libbpf 1.7 of 24, each beginning with a constant's value; the cookie;
        // their number.
        const int Maximum = 12, Rest = 2 * sizeof(ulong);
        if (arguments.Length > Maximum) throw new ArgumentException($"A probe has at most {Maximum} arguments.", nameof(arguments));
        BpfMachineMap specs = Object.Map("__bpf_usdt_specs");
        byte[] spec = new byte[specs.ValueSize];
        int size = (spec.Length - Rest) / Maximum;
        for (int i = 0; i < arguments.Length; i++) MemoryMarshal.Write(spec.AsSpan(i * size), in arguments[i]);
        MemoryMarshal.Write(spec.AsSpan(Maximum * size), Machine.Cookie);
        MemoryMarshal.Write(spec.AsSpan((Maximum * size) + sizeof(ulong)), (short)arguments.Length);
        specs.Set(BitConverter.GetBytes((uint)Machine.Cookie), spec);
        return RunOwn(new RegisterContext());
    }

    /// <summary>Runs a program of a perf event.</summary>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunPerfEvent(ulong samplePeriod = 1, ulong address = 0) => RunOwn(new PerfEventContext { SamplePeriod = samplePeriod, SampleAddress = address });

    /// <summary>Runs a <c>syscall</c> program on a struct, which it may change.</summary>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunSyscall<T>(ref T argument)
        where T : unmanaged
    {
        BytesContext context = BytesContext.Of(argument);
        BpfRun run = RunOwn(context);
        argument = context.Read<T>();
        return run;
    }

    /// <summary>Runs a tracepoint's program.</summary>
    /// <param name="category">The category, such as <c>sched</c>.</param>
    /// <param name="name">The tracepoint, such as <c>sched_process_exec</c>.</param>
    /// <param name="set">Sets the members of the event.</param>
    /// <exception cref="ArgumentException">The machine's kernel types do not describe the tracepoint: run with a <see cref="TracepointContext"/> of given fields.</exception>
    /// <inheritdoc cref="Run"/>
    public BpfRun RunTracepoint(string category, string name, Action<TracepointContext>? set = null)
    {
        var context = new TracepointContext(Machine, category, name);
        set?.Invoke(context);
        return RunOwn(context);
    }

    /// <summary>Runs an iterator's program once for each element, and once more at the end, as the kernel does.</summary>
    /// <param name="elements">
    /// The pointers that follow the iterator's <c>meta</c> in its context, for each element; those of kernel objects are their addresses.
    /// </param>
    /// <returns>What the program wrote.</returns>
    /// <exception cref="BpfMachineFault">The program did what the kernel would not let it do.</exception>
    public string RunIterator(params ReadOnlySpan<ulong[]> elements)
    {
        int pointers = elements.IsEmpty ? 1 : elements[0].Length;
        Machine.Output.Clear();
        ulong number = 0;
        foreach (ulong[] element in elements) RunIterator(number++, element);
        RunIterator(number, new ulong[pointers]);
        return Encoding.Latin1.GetString(CollectionsMarshal.AsSpan(Machine.Output));
    }

    // struct bpf_iter_meta: the sequence file, the session and the number of the element.
    private void RunIterator(ulong number, ReadOnlySpan<ulong> element)
    {
        ulong file = Machine.Kernel.NewBytes(new byte[8]);
        ulong meta = Machine.Kernel.NewBytes(MemoryMarshal.AsBytes((ReadOnlySpan<ulong>)[file, 1, number]));
        RunOwn(new TracingContext([meta, .. element]));
        Machine.Memory.Free(MachineMemory.IndexOf(meta));
        Machine.Memory.Free(MachineMemory.IndexOf(file));
    }

    private BpfRun RunOwn(BpfContext context) => Run(Machine.Own(context));

    private static byte[] BytesOf(Packet packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        return packet.ToArray();
    }
}
