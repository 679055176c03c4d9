using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop;
using static Bpf.Loader.Kernel.Probes.ProbeCode;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>What the kernel takes in programs and maps.</summary>
[SupportedOSPlatform("linux")]
internal static class ProgramProbes
{
    // Helpers, by their number in the uapi.
    private const int ProbeReadKernelHelper = 113;
    private const int KtimeGetCoarseHelper = 160;
    private const int GetFunctionIpHelper = 173;
    private const int GetAttachCookieHelper = 174;

    public static FeatureSupport Name(ProbeContext context)
    {
        FileDescriptorHandle? program = context.LoadProgram(
            BpfProgramType.SocketFilter, ProbeContext.ReturnZero, out Errno errno, name: "bpf_nametest"u8);
        return ProbeAnswer.Of(program, errno);
    }

    public static FeatureSupport GlobalData(ProbeContext context)
    {
        using FileDescriptorHandle? map = context.CreateArray(valueSize: 32, out Errno errno);
        if (map is null)
            return ProbeAnswer.Of(map, errno);
        using HandleUse use = map.Use();
        return context.TryProgram(
            BpfProgramType.SocketFilter,
            [LoadMapValue(1, use.Descriptor), SecondHalf(16), Store(1, 0, 42), MoveImmediate(0, 0), Exit()]);
    }

    public static FeatureSupport ArrayMmap(ProbeContext context)
    {
        FileDescriptorHandle? map = context.CreateArray(sizeof(int), out Errno errno, BpfMapFlags.Mmapable);
        return ProbeAnswer.Of(map, errno);
    }

    public static FeatureSupport ExpectedAttachType(ProbeContext context)
        => context.TryProgram(BpfProgramType.CgroupSock, ProbeContext.ReturnZero, BpfAttachType.CgroupInetSockCreate);

    public static FeatureSupport ProbeReadKernel(ProbeContext context)
        => context.TryProgram(
            BpfProgramType.Tracepoint,
            [Move(1, 10), Add(1, -8), MoveImmediate(2, 8), MoveImmediate(3, 0), CallHelper(ProbeReadKernelHelper), Exit()]);

    public static FeatureSupport BindMap(ProbeContext context)
    {
        using FileDescriptorHandle? map = context.CreateArray(valueSize: 32, out Errno errno);
        if (map is null)
            return ProbeAnswer.Of(map, errno);
        using FileDescriptorHandle? program = context.LoadProgram(
            BpfProgramType.SocketFilter, ProbeContext.ReturnZero, out errno);
        if (program is null)
            return ProbeAnswer.Of(program, errno);
        errno = BpfSyscall.ProgramBindMap(program, map);
        return ProbeAnswer.Of(errno == Errno.None, errno);
    }

    public static FeatureSupport Cookie(ProbeContext context)
        => context.TryProgram(BpfProgramType.Tracepoint, [CallHelper(GetAttachCookieHelper), Exit()]);

    // The helper came in 5.11 with the accounting by cgroup, which itself cannot be seen from outside.
    public static FeatureSupport MemoryCgroupAccounting(ProbeContext context)
        => context.TryProgram(BpfProgramType.SocketFilter, [CallHelper(KtimeGetCoarseHelper), Exit()]);

    public static FeatureSupport ArgumentContextTag(ProbeContext context)
    {
        byte[] blob = ProbeBtf.Build(
            [
                1, ProbeBtf.Info(BtfKind.Int), 4, ProbeBtf.SignedInt32, // [1] int
                0, ProbeBtf.Info(BtfKind.Pointer), 0, // [2] void *
                0, ProbeBtf.Info(BtfKind.FunctionPrototype, 1), 1, 1, 2, // [3] int (void *a)
                1, ProbeBtf.Info(BtfKind.Function, 1), 3, // [4] int a(void *a), the program
                0, ProbeBtf.Info(BtfKind.FunctionPrototype, 1), 1, 3, 2, // [5] int (void *b)
                3, ProbeBtf.Info(BtfKind.Function, 1), 5, // [6] int b(void *b), the sub-program
                5, ProbeBtf.Info(BtfKind.DeclarationTag), 6, 0, // [7] the tag of its argument
            ],
            "\0a\0b\0arg:ctx\0"u8);
        using FileDescriptorHandle? btf = context.LoadBtf(blob, out Errno errno);
        if (btf is null)
            return ProbeAnswer.Of(btf, errno);

        // The helper in the sub-program is allowed on a context only.
        ReadOnlySpan<BpfInstruction> code = [CallFunction(1), Exit(), CallHelper(GetFunctionIpHelper), Exit()];
        ReadOnlySpan<uint> functions = [0, 4, 2, 6];
        var request = new ProgramLoadRequest
        {
            Type = BpfProgramType.Kprobe,
            Instructions = MemoryMarshal.AsBytes(code),
            License = "GPL\0"u8,
            KernelVersion = KernelVersion.Current.Code,
            Btf = btf,
            FuncInfo = MemoryMarshal.AsBytes(functions),
            FuncInfoRecordSize = 2 * sizeof(uint),
            Token = context.Token,
        };
        FileDescriptorHandle? program = BpfSyscall.ProgramLoad(request, out errno);
        return ProbeAnswer.Of(program, errno);
    }

    public static FeatureSupport LoadImmediate64FullRange(ProbeContext context)
    {
        using FileDescriptorHandle? map = context.CreateArray(valueSize: 1, out Errno errno);
        if (map is null)
            return ProbeAnswer.Of(map, errno);
        using HandleUse use = map.Use();
        ReadOnlySpan<BpfInstruction> code =
            [LoadMapValue(1, use.Descriptor), SecondHalf(1 << 30), MoveImmediate(0, 0), Exit()];
        byte[] log = new byte[1024];
        var request = new ProgramLoadRequest
        {
            Type = BpfProgramType.Tracepoint,
            Instructions = MemoryMarshal.AsBytes(code),
            License = "GPL\0"u8,
            KernelVersion = KernelVersion.Current.Code,
            LogLevel = 1,
            Log = log,
            Token = context.Token,
        };

        // The program is refused by every kernel: the older ones for the size of the offset, the newer for the size of the map.
        using FileDescriptorHandle? program = BpfSyscall.ProgramLoad(request, out errno);
        bool judgedByMap = program is null && log.AsSpan().IndexOf("invalid access to map value pointer"u8) >= 0;
        return ProbeAnswer.Of(judgedByMap, errno);
    }
}
