using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Classic;
using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Helpers;

namespace Bpf.Loader.Testing;

/// <summary>A filter of classic BPF in the machine, which runs it as the kernel does: translated.</summary>
public sealed class BpfMachineFilter
{
    private const int MaximumArguments = 6;

    private readonly BpfMachine _machine;
    private readonly MachineCode _code;

    internal BpfMachineFilter(BpfMachine machine, ClassicFilter filter, ClassicFilterUse use)
    {
        _machine = machine;
        Filter = filter;
        Use = use;
        ClassicTranslation translation = filter.Translate(use);
        _code = new MachineCode("filter", translation.Instructions, null, machine.Memory);
        foreach ((int instruction, ClassicExtension extension) in translation.InternalCalls)
        {
            _code[instruction].Operation = Operation.CallKernelFunction;
            _code[instruction].Immediate = _code.KernelFunctions.Count;
            _code.KernelFunctions.Add(new KernelFunctionSlot(extension.ToString()) { Body = ClassicFunctions.Of(extension) });
        }
    }

    /// <summary>The filter.</summary>
    public ClassicFilter Filter { get; }

    /// <summary>What it decides about.</summary>
    public ClassicFilterUse Use { get; }

    /// <summary>Runs a filter of packets.</summary>
    /// <param name="packet">The packet, from its Ethernet header on; of any length, as a capture may have cut it off.</param>
    /// <returns>How many bytes of it are kept; 0 for none.</returns>
    /// <exception cref="InvalidOperationException">The filter is for system calls.</exception>
    public uint Run(ReadOnlySpan<byte> packet) => Run(_machine.Own(SkBuffContext.OfCapture(packet)));

    /// <inheritdoc cref="Run(ReadOnlySpan{byte})"/>
    public uint Run(Packet packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        return Run(packet.ToArray());
    }

    /// <summary>Runs a filter of packets, of which the context tells more.</summary>
    /// <inheritdoc cref="Run(ReadOnlySpan{byte})"/>
    public uint Run(SkBuffContext context)
    {
        if (Use != ClassicFilterUse.Socket) throw new InvalidOperationException($"The filter is for system calls: see {nameof(RunSystemCall)}.");
        return Execute(context);
    }

    /// <summary>Runs a filter of system calls.</summary>
    /// <param name="number">The number of the call.</param>
    /// <param name="arguments">Its arguments, up to six.</param>
    /// <param name="architecture">The architecture as the kernel's audit has it (<c>AUDIT_ARCH_*</c>); null for this process's.</param>
    /// <param name="address">Where the call is made.</param>
    /// <exception cref="InvalidOperationException">The filter is for packets.</exception>
    /// <exception cref="ArgumentException">There are more than six arguments.</exception>
    public SeccompVerdict RunSystemCall(int number, ReadOnlySpan<ulong> arguments = default, uint? architecture = null, ulong address = 0)
    {
        if (Use != ClassicFilterUse.Seccomp) throw new InvalidOperationException($"The filter is for packets: see {nameof(Run)}.");
        if (arguments.Length > MaximumArguments) throw new ArgumentException($"A system call has at most {MaximumArguments} arguments.", nameof(arguments));
        // struct seccomp_data: number, architecture, address, arguments.
        Span<ulong> data = stackalloc ulong[2 + MaximumArguments];
        data.Clear();
        data[0] = (uint)number | ((ulong)(architecture ?? NativeArchitecture) << 32);
        data[1] = address;
        arguments.CopyTo(data[2..]);
        uint result = Execute(_machine.Own(new BytesContext(MemoryMarshal.AsBytes(data), isWritable: false)));
        return new SeccompVerdict((SeccompAction)(result & 0xffff_0000), (ushort)result);
    }

    private uint Execute(BpfContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.Enter(_machine);
        return (uint)_machine.Executor.Run(_code, context, out _);
    }

    // AUDIT_ARCH_* of include/uapi/linux/audit.h.
    private static uint NativeArchitecture => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.Arm64 => 0xc000_00b7,
        Architecture.RiscV64 => 0xc000_00f3,
        Architecture.S390x => 0x8000_0016,
        Architecture.Ppc64le => 0xc000_0015,
        Architecture.LoongArch64 => 0xc000_0102,
        _ => 0xc000_003e,
    };
}
