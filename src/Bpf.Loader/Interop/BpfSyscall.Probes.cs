using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

/// <content>Calls that are meant to fail, and whose errno tells what the kernel knows.</content>
internal static unsafe partial class BpfSyscall
{
    /// <summary>A link of one uprobe at the start of a path that is no binary.</summary>
    public static Errno ProbeUprobeMulti(FileDescriptorHandle program, string path, int pid)
    {
        using HandleUse use = program.Use();
        byte* text = ToNativeText(path);
        try
        {
            ulong offset = 0;
            var attribute = new LinkCreateAttr
            {
                ProgFd = use.Unsigned,
                TargetFd = uint.MaxValue,
                AttachType = BpfAttachType.TraceUprobeMulti,
                UprobeMultiPath = Address(text),
                UprobeMultiOffsets = Address(&offset),
                UprobeMultiCount = 1,
                UprobeMultiPid = (uint)pid,
            };
            using FileDescriptorHandle? link = CallForDescriptor(
                BpfCommand.LinkCreate, ref attribute, LinkCreateAttr.WireSize, out Errno errno);
            return errno;
        }
        finally
        {
            FreeNativeText(text);
        }
    }

    /// <summary>A load without a program and with common attributes at a null pointer: EFAULT when they are looked at.</summary>
    public static Errno ProbeCommonAttributes()
    {
        var attribute = default(ProgLoadAttr);
        nint result = LibC.SystemCall(
            SystemCallNumbers.Bpf,
            (nint)((uint)BpfCommand.ProgLoad | CommonAttributes),
            (nint)(&attribute),
            (nint)ProgLoadAttr.WireSize,
            0,
            sizeof(CommonAttr));
        using FileDescriptorHandle? handle = FileDescriptorHandle.FromResult((int)result, out Errno errno);
        return errno;
    }
}
