using System;

namespace Bpf.Loader.Testing;

/// <summary>A program in a test, in the machine or the kernel.</summary>
public abstract class BpfTestProgram
{
    private protected BpfTestProgram()
    {
    }

    /// <summary>Runs a program of packets: XDP, tc, cgroup, socket filter, lightweight tunnel.</summary>
    /// <param name="packet">The packet, from its Ethernet header on. Programs of cgroups, sockets and tunnels see it from its network header on, as the kernel's test run has it.</param>
    /// <exception cref="BpfUnavailableException">The kernel has no test run for the program's type.</exception>
    /// <exception cref="BpfMachineFault">In the machine, the program did what the kernel would not let it do.</exception>
    public abstract BpfTestRun RunPacket(ReadOnlySpan<byte> packet);

    /// <inheritdoc cref="RunPacket(ReadOnlySpan{byte})"/>
    public BpfTestRun RunPacket(Packet packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        return RunPacket(packet.ToArray());
    }

    /// <summary>Runs an XDP program on a packet.</summary>
    /// <inheritdoc cref="RunPacket(ReadOnlySpan{byte})"/>
    public BpfTestRun RunXdp(Packet packet) => RunPacket(packet);

    /// <summary>Runs a program of tc on a packet.</summary>
    /// <inheritdoc cref="RunPacket(ReadOnlySpan{byte})"/>
    public BpfTestRun RunTc(Packet packet) => RunPacket(packet);

    /// <summary>Runs a <c>syscall</c> program on a struct, which it may change.</summary>
    /// <inheritdoc cref="RunPacket(ReadOnlySpan{byte})"/>
    public abstract BpfTestRun RunSyscall<T>(ref T argument)
        where T : unmanaged;

    /// <summary>Runs a raw tracepoint's program on arguments.</summary>
    /// <inheritdoc cref="RunPacket(ReadOnlySpan{byte})"/>
    public abstract BpfTestRun RunRawTracepoint(params ReadOnlySpan<ulong> arguments);

    /// <summary>
    /// Lets happen what the program is attached to. On the kernel it is attached to what its section says, what the test does happens, and
    /// it is detached; in the machine it is run as if that had happened.
    /// </summary>
    /// <param name="inMachine">Runs the program with the context of the event.</param>
    /// <param name="onKernel">Does what makes the event happen, and is done when it has happened. Other processes make events too: tell them apart by what is in them.</param>
    /// <exception cref="BpfUnavailableException">The kernel lacks the hook, or refuses it by policy or for want of rights.</exception>
    public abstract void Trigger(Action<BpfMachineProgram> inMachine, Action onKernel);
}
