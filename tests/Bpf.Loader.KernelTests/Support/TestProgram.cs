using System;
using System.Runtime.InteropServices;
using System.Text;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>A program that a test wrote by hand.</summary>
internal sealed class TestProgram : IDisposable
{
    private TestProgram(FileDescriptorHandle handle) => Handle = handle;

    public FileDescriptorHandle Handle { get; }

    /// <summary>Loads it; what the verifier says is in the exception.</summary>
    public static TestProgram Load(BpfAssembler code, BpfProgramType type = BpfProgramType.SocketFilter)
    {
        byte[] log = new byte[65536];
        var request = new ProgramLoadRequest
        {
            Type = type,
            Flags = type == BpfProgramType.Syscall ? BpfProgramFlags.Sleepable : 0,
            Instructions = MemoryMarshal.AsBytes(code.ToArray().AsSpan()),
            License = "GPL\0"u8,
            LogLevel = 1,
            Log = log,
        };
        FileDescriptorHandle? handle = BpfSyscall.ProgramLoad(in request, out Errno errno, out _);
        return new TestProgram(handle ?? throw new InvalidOperationException($"{errno}: {Encoding.UTF8.GetString(log).TrimEnd('\0')}"));
    }

    /// <summary>Its number.</summary>
    public uint Id => BpfSyscall.GetProgramInfo(Handle, out ProgInfo info) == Errno.None ? info.Id : throw new InvalidOperationException("no info");

    /// <summary>Runs it, in the kernel, so many times.</summary>
    public uint Run(int times = 1)
    {
        Span<byte> packet = stackalloc byte[64];
        var request = new ProgramRunRequest { DataIn = packet, Repeat = (uint)times };
        Errno errno = BpfSyscall.ProgramRun(Handle, in request, out ProgTestRunAttr answer);
        return errno == Errno.None ? answer.ReturnValue : throw new InvalidOperationException($"run: {errno}");
    }

    /// <summary>Runs a program of type syscall once with a context.</summary>
    public uint RunWithContext(Span<byte> context)
    {
        var request = new ProgramRunRequest { ContextIn = context };
        Errno errno = BpfSyscall.ProgramRun(Handle, in request, out ProgTestRunAttr answer);
        return errno == Errno.None ? answer.ReturnValue : throw new InvalidOperationException($"run: {errno}");
    }

    public void Dispose() => Handle.Dispose();
}
