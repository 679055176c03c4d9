using System;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Maps;
using static Bpf.Loader.Instructions.BpfRegister;

namespace Bpf.Loader.KernelTests.Links;

/// <summary>
/// A program to attach that a test wrote by hand, with eight numbers that it may write: number 0 counts its runs, unless it is
/// told to run for this process only and runs in another.
/// </summary>
internal sealed class AttachedProgram : IDisposable
{
    private const int GetCurrentPidTgid = 14, GetAttachCookie = 174;

    private readonly BpfMap _numbers;
    private readonly FileDescriptorHandle _handle;

    /// <param name="type">The type.</param>
    /// <param name="attachType">What it is to be attached as.</param>
    /// <param name="body">What it does beside counting: R6 is its context, R7 points to its numbers, R0 to R5 are free.</param>
    /// <param name="returns">What it returns.</param>
    /// <param name="ownProcess">Whether it does nothing in other processes.</param>
    /// <param name="target">The name and kind of the kernel's type that it is for.</param>
    /// <param name="flags">Flags of the load.</param>
    /// <param name="code">All of the code in place of the above; it is given the map of the numbers.</param>
    public AttachedProgram(
        BpfProgramType type,
        BpfAttachType attachType = 0,
        Action<BpfAssembler>? body = null,
        int returns = 0,
        bool ownProcess = false,
        (string Name, BtfKind Kind)? target = null,
        BpfProgramFlags flags = 0,
        Func<BpfMap, BpfAssembler>? code = null)
    {
        KernelPolicy.Permits(type, attachType, target?.Name);
        _numbers = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "numbers", KeySize = 4, ValueSize = 64, MaxEntries = 1 });
        byte[] log = new byte[65536];
        var request = new ProgramLoadRequest
        {
            Type = type,
            ExpectedAttachType = attachType,
            Flags = flags,
            Name = "attached"u8,
            Instructions = MemoryMarshal.AsBytes((code is null ? Compose(body, returns, ownProcess) : code(_numbers)).ToArray().AsSpan()),
            License = "GPL\0"u8,
            AttachBtfId = target is (string name, BtfKind kind) ? FindType(name, kind) : 0,
            LogLevel = 1,
            Log = log,
        };
        FileDescriptorHandle? handle = BpfSyscall.ProgramLoad(in request, out Errno errno, out _);
        if (handle is null)
        {
            _numbers.Dispose();
            throw new InvalidOperationException($"{errno}: {Encoding.UTF8.GetString(log).TrimEnd('\0')}");
        }

        _handle = handle;
        Source = new ProgramToAttach(handle, "attached", type, attachType);
    }

    /// <summary>What the attach functions take.</summary>
    public ProgramToAttach Source { get; }

    /// <summary>The kernel's number of the program.</summary>
    public uint Id => BpfSyscall.GetProgramInfo(_handle, out ProgInfo info) == Errno.None ? info.Id : throw new InvalidOperationException("The program is gone.");

    /// <summary>How often it ran.</summary>
    public long Runs => this[0];

    /// <summary>One of its numbers.</summary>
    public long this[int index]
    {
        get
        {
            Span<byte> value = stackalloc byte[64];
            _numbers.TryGet(stackalloc byte[4], value);
            return MemoryMarshal.Cast<byte, long>(value)[index];
        }
    }

    /// <summary>Keeps the cookie as number 1.</summary>
    public static void KeepCookie(BpfAssembler code) => code.Move(R1, R6).CallHelper(GetAttachCookie).Store(BpfAccessSize.DoubleWord, R7, 8, R0);

    public void Dispose()
    {
        _handle.Dispose();
        _numbers.Dispose();
    }

    private static uint FindType(string name, BtfKind kind) =>
        KernelBtf.Vmlinux.TryFind(name, kind, out BtfTypeId id)
            ? (uint)id.Value
            : throw new InvalidOperationException($"The kernel has no type {kind} {name}.");

    private BpfAssembler Compose(Action<BpfAssembler>? body, int returns, bool ownProcess)
    {
        BpfAssembler code = new BpfAssembler().Move(R6, R1).LoadMapValue(R7, _numbers, 0);
        if (ownProcess)
        {
            code.CallHelper(GetCurrentPidTgid).Alu(BpfAluOperation.ShiftRight, R0, 32)
                .JumpIf(BpfCondition.NotEqual, R0, Environment.ProcessId, "out");
        }

        code.Move(R1, 1).Atomic(BpfAtomicOperation.Add, BpfAccessSize.DoubleWord, R7, 0, R1);
        body?.Invoke(code);
        return code.Label("out").Return(returns);
    }
}
