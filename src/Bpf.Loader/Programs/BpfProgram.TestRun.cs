using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    // Programs may put headers before a packet and grow it at its end; XDP has 256 bytes before it.
    private const int RoomToGrow = 512;

    private const int EthernetHeader = 14, InternetHeader = 20; // ETH_HLEN, sizeof(struct iphdr)

    private const uint RunOnCpu = 1, LiveXdpFrames = 2; // BPF_F_TEST_RUN_ON_CPU, BPF_F_TEST_XDP_LIVE_FRAMES

    /// <summary>Runs the program in the kernel with an input of the caller's, without any hook.</summary>
    /// <param name="options">The input, and how often; none is a packet of zeroes for types that take one, once.</param>
    /// <returns>What it returned, what it made of the input, and how long it took.</returns>
    /// <exception cref="BpfException">
    /// The kernel refused: <see cref="Errno.ENOTSUPP"/> for types that cannot be run so, <see cref="Errno.EINVAL"/> for an input that
    /// does not fit the type.
    /// </exception>
    /// <remarks>Linux 4.12; raw tracepoints 5.10, <c>syscall</c> 5.14, live frames 5.18. CAP_BPF, and for networking CAP_NET_ADMIN.</remarks>
    public BpfTestRunResult TestRun(BpfTestRunOptions? options = null)
    {
        options ??= new BpfTestRunOptions();
        ReadOnlyMemory<byte> packet = options.Data.IsEmpty ? EmptyPacket(Type) : options.Data;
        // Live frames are sent on, and syscall programs write to their context: neither gives anything back.
        bool gives = !packet.IsEmpty && !options.LiveFrames;
        byte[] data = gives ? new byte[options.OutputSize ?? packet.Length + RoomToGrow] : [];
        byte[] context = options.Context.ToArray();
        byte[] contextOut = GivesContext(options) ? new byte[context.Length] : [];
        var request = new ProgramRunRequest
        {
            DataIn = packet.Span,
            DataOut = data,
            ContextIn = context,
            ContextOut = contextOut,
            // Types without a packet refuse to be repeated, be it once.
            Repeat = options.Repeat == 1 ? 0 : (uint)options.Repeat,
            Flags = (options.Cpu is null ? 0 : RunOnCpu) | (options.LiveFrames ? LiveXdpFrames : 0),
            Cpu = (uint)(options.Cpu ?? 0),
            BatchSize = (uint)options.BatchSize,
        };
        Errno errno = BpfSyscall.ProgramRun(Handle, in request, out ProgTestRunAttr answer);
        // ENOSPC: it ran, and what it made of the packet is longer than there was room for; what fits is there.
        if (errno is not (Errno.None or Errno.ENOSPC)) throw RefusedRun(errno, options);
        return new BpfTestRunResult
        {
            ReturnValue = answer.ReturnValue,
            Duration = TimeSpan.FromTicks(answer.Duration / TimeSpan.NanosecondsPerTick),
            DurationNanoseconds = answer.Duration,
            Data = gives ? data.AsMemory(0, (int)Math.Min(answer.DataSizeOut, (uint)data.Length)) : default,
            IsTruncated = errno == Errno.ENOSPC,
            Context = contextOut.Length > 0 ? contextOut.AsMemory(0, (int)Math.Min(answer.ContextSizeOut, (uint)contextOut.Length)) : context,
        };
    }

    /// <summary>Runs a program of type <see cref="BpfProgramType.Syscall"/> once with a context that it may change.</summary>
    /// <typeparam name="T">The C struct that the program takes.</typeparam>
    /// <param name="context">The struct; what the program wrote is in it afterwards.</param>
    /// <returns>What the program returned.</returns>
    /// <exception cref="BpfException">The kernel refused; <see cref="Errno.EINVAL"/> when the struct is shorter than the program reads.</exception>
    /// <remarks>Linux 5.14; CAP_BPF.</remarks>
    public uint Run<T>(ref T context)
        where T : unmanaged
    {
        // The kernel copies the context back to where it came from, so it must not be a copy of the caller's.
        var request = new ProgramRunRequest { ContextIn = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<T, byte>(ref context), Unsafe.SizeOf<T>()) };
        Errno errno = BpfSyscall.ProgramRun(Handle, in request, out ProgTestRunAttr answer);
        return errno == Errno.None ? answer.ReturnValue : throw RefusedRun(errno, null);
    }

    // The least that the kernel takes: an Ethernet header and, for netfilter, an IPv4 header behind which there is nothing.
    private static ReadOnlyMemory<byte> EmptyPacket(BpfProgramType type) => type switch
    {
        BpfProgramType.Xdp or BpfProgramType.SchedCls or BpfProgramType.SchedAct or BpfProgramType.SocketFilter or BpfProgramType.CgroupSkb
            or BpfProgramType.LwtIn or BpfProgramType.LwtOut or BpfProgramType.LwtXmit or BpfProgramType.LwtSeg6Local
            or BpfProgramType.FlowDissector => new byte[EthernetHeader],
        BpfProgramType.Netfilter => new byte[EthernetHeader + InternetHeader],
        _ => default,
    };

    private bool GivesContext(BpfTestRunOptions options) =>
        !options.Context.IsEmpty && !options.LiveFrames && Type is not (BpfProgramType.Syscall or BpfProgramType.RawTracepoint);

    private BpfException RefusedRun(Errno errno, BpfTestRunOptions? options)
    {
        string? hint = errno switch
        {
            Errno.ENOTSUPP or Errno.EOPNOTSUPP => $"The kernel cannot run programs of type {Type} without their hook.",
            Errno.EINVAL when options?.LiveFrames == true => "Live frames need an XDP program, Linux 5.18, and a packet of at least 14 bytes; they give nothing back.",
            Errno.EINVAL when options?.Cpu is not null => "Only raw tracepoints, and since 6.18 packets, are run on a chosen CPU.",
            Errno.EINVAL when options is not null && Type is BpfProgramType.RawTracepoint or BpfProgramType.Syscall =>
                "This type takes a context, and no packet, repetition or output.",
            Errno.EINVAL => "The input does not fit the type of the program: packets have at least 14 bytes, and a context is as long as the program's.",
            Errno.ENXIO => "There is no such CPU, or it is offline.",
            _ => null,
        };
        return Refusal.OfProgram(BpfCommand.ProgTestRun, Type, errno, $"program '{Name}'", hint);
    }
}
