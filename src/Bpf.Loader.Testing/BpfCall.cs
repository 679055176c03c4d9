using System;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Memory;

namespace Bpf.Loader.Testing;

/// <summary>A call of a helper or kernel function by a program.</summary>
public readonly unsafe ref struct BpfCall
{
    private readonly ulong* _registers;

    internal BpfCall(Executor executor, BpfMachine machine, ulong* registers)
    {
        Executor = executor;
        Machine = machine;
        _registers = registers;
    }

    /// <summary>The machine.</summary>
    public BpfMachine Machine { get; }

    /// <summary>The context of the program.</summary>
    public BpfContext Context => Executor.Context!;

    internal Executor Executor { get; }

    internal MachineMemory Memory => Machine.Memory;

    /// <summary>An argument.</summary>
    /// <param name="argument">1 to 5.</param>
    public ulong this[int argument] => argument is >= 1 and <= 5 ? _registers[argument] : throw new ArgumentOutOfRangeException(nameof(argument));

    /// <summary>The memory that an argument points to, to read.</summary>
    /// <param name="argument">1 to 5.</param>
    /// <param name="size">How many bytes.</param>
    /// <exception cref="BpfMachineFault">It points to something else.</exception>
    public ReadOnlySpan<byte> Read(int argument, int size) => Executor.ReadSpan(this[argument], size);

    /// <summary>The memory that an argument points to, to write.</summary>
    /// <param name="argument">1 to 5.</param>
    /// <param name="size">How many bytes.</param>
    /// <exception cref="BpfMachineFault">It points to something else, or to what may only be read.</exception>
    public Span<byte> Write(int argument, int size) => Executor.WriteSpan(this[argument], size);

    /// <summary>The value that an argument points to.</summary>
    /// <exception cref="BpfMachineFault">It points to something else.</exception>
    public T Read<T>(int argument)
        where T : unmanaged => MemoryMarshal.Read<T>(Read(argument, sizeof(T)));

    /// <summary>Writes the value that an argument points to.</summary>
    /// <exception cref="BpfMachineFault">It points to something else, or to what may only be read.</exception>
    public void Write<T>(int argument, T value)
        where T : unmanaged => MemoryMarshal.Write(Write(argument, sizeof(T)), in value);

    /// <summary>The text that an argument points to, up to its NUL.</summary>
    /// <exception cref="BpfMachineFault">It points to something else, or has no end.</exception>
    public string ReadText(int argument)
    {
        var text = new StringBuilder();
        for (ulong at = this[argument]; ; at++)
        {
            byte next = Executor.ReadSpan(at, 1)[0];
            if (next == 0) return text.ToString();
            text.Append((char)next);
        }
    }

    /// <summary>The map that an argument points to.</summary>
    /// <exception cref="BpfMachineFault">It is no map.</exception>
    public BpfMachineMap Map(int argument) => Map<BpfMachineMap>(argument);

    /// <summary>The kernel object that an argument points to; null for a null pointer.</summary>
    /// <exception cref="BpfMachineFault">It points to something else.</exception>
    public KernelObject? Object(int argument)
    {
        if (this[argument] == 0) return null;
        return Memory.Find(this[argument], out _) is { Kind: RegionKind.Kernel, Owner: KernelObject found }
            ? found
            : throw Refuse($"argument {argument} is no kernel object");
    }

    /// <summary>Calls a function of the program that an argument points to.</summary>
    /// <param name="argument">1 to 5.</param>
    /// <param name="arguments">What it is called with, up to five.</param>
    /// <returns>What it returned.</returns>
    public ulong CallBack(int argument, params ReadOnlySpan<ulong> arguments) => Executor.Call(this[argument], arguments);

    /// <summary>A fault at the call, for arguments that the kernel refuses.</summary>
    public BpfMachineFault Refuse(string reason) => Executor.Fault(BpfDiagnosticId.BadHelperArgument, $"makes a call that the kernel refuses: {reason}");

    /// <summary>The context, which the kernel gives only to programs of the types that may call it.</summary>
    internal TContext ContextOf<TContext>()
        where TContext : class => Context as TContext ?? throw Refuse($"programs with {Context.Name} may not call it");

    internal TMap Map<TMap>(int argument)
        where TMap : BpfMachineMap => Memory.Find(this[argument], out long offset) is { Kind: RegionKind.Handle, Owner: TMap map } && offset == 0
            ? map
            : throw Refuse($"argument {argument} is no map of the kind that the helper takes");
}
