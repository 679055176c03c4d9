using System;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using static Bpf.Loader.Kernel.Probes.ProbeBtf;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>Whether the kernel takes each kind of BTF.</summary>
[SupportedOSPlatform("linux")]
internal static class BtfProbes
{
    // BTF_FUNC_GLOBAL, kept in the length of the FUNC.
    private const uint GlobalLinkage = 1;

    public static FeatureSupport Btf(ProbeContext context)
        => context.TryBtf([1, Info(BtfKind.Int), 4, SignedInt32], "\0int\0"u8);

    public static FeatureSupport Function(ProbeContext context) => Function(context, linkage: 0);

    public static FeatureSupport GlobalFunction(ProbeContext context) => Function(context, GlobalLinkage);

    public static FeatureSupport DataSection(ProbeContext context) => DataSection(context, "\0int\0x\0.data\0"u8);

    public static FeatureSupport EmptyDataSection(ProbeContext context)
        => context.TryBtf([1, Info(BtfKind.DataSection), 4], "\0.rodata\0"u8);

    public static FeatureSupport QuestionMarkDataSection(ProbeContext context) => DataSection(context, "\0int\0x\0?.data\0"u8);

    public static FeatureSupport Float(ProbeContext context)
        => context.TryBtf([1, Info(BtfKind.Float), 4], "\0float\0"u8);

    public static FeatureSupport DeclarationTag(ProbeContext context)
        => context.TryBtf(
            [
                1, Info(BtfKind.Int), 4, SignedInt32, // [1] int
                5, Info(BtfKind.Variable), 1, 0, // [2] int x
                7, Info(BtfKind.DeclarationTag), 2, uint.MaxValue, // [3] tag of x as a whole
            ],
            "\0int\0x\0tag\0"u8);

    public static FeatureSupport TypeTag(ProbeContext context)
        => context.TryBtf(
            [
                1, Info(BtfKind.Int), 4, SignedInt32, // [1] int
                5, Info(BtfKind.TypeTag), 1, // [2] int tag
                0, Info(BtfKind.Pointer), 2, // [3] int tag *
            ],
            "\0int\0tag\0"u8);

    public static FeatureSupport Enum64(ProbeContext context)
        => context.TryBtf([1, Info(BtfKind.Enum64), 8], "\0enum64\0"u8);

    public static FeatureSupport Layout(ProbeContext context)
    {
        // Kind 0 has nothing behind it, kind 1 (INT) one word.
        byte[] blob = BuildWithLayout(
            [1, Info(BtfKind.Int), 4, SignedInt32], [0, NativeLayout(sizeof(uint))], "\0int\0"u8);
        FileDescriptorHandle? btf = context.LoadBtf(blob, out Errno errno);
        return ProbeAnswer.Of(btf, errno);
    }

    public static FeatureSupport ModuleBtf(ProbeContext context)
    {
        byte[] blob = Build([1, Info(BtfKind.Int), 4, SignedInt32], "\0int\0"u8);
        using FileDescriptorHandle? btf = context.LoadBtf(blob, out Errno errno);
        if (btf is null)
            return ProbeAnswer.Of(btf, errno);

        // Kernels that do not know of names refuse a structure with a pointer where their own ends.
        errno = BpfSyscall.GetBtfInfo(btf, out _, default, new byte[16]);
        return ProbeAnswer.Of(errno == Errno.None, errno);
    }

    private static FeatureSupport Function(ProbeContext context, uint linkage)
        => context.TryBtf(
            [
                1, Info(BtfKind.Int), 4, SignedInt32, // [1] int
                0, Info(BtfKind.FunctionPrototype, 1), 0, 7, 1, // [2] void (int a)
                5, Info(BtfKind.Function, linkage), 2, // [3] void x(int a)
            ],
            "\0int\0x\0a\0"u8);

    private static FeatureSupport DataSection(ProbeContext context, ReadOnlySpan<byte> strings)
        => context.TryBtf(
            [
                1, Info(BtfKind.Int), 4, SignedInt32, // [1] int
                5, Info(BtfKind.Variable), 1, 0, // [2] static int x
                7, Info(BtfKind.DataSection, 1), 4, 2, 0, 4, // [3] the section with x at 0
            ],
            strings);

    // struct btf_layout { u8 info_sz; u8 elem_sz; u16 flags; } as one word.
    private static uint NativeLayout(byte infoSize)
        => BitConverter.IsLittleEndian ? infoSize : (uint)infoSize << 24;
}
