using System;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Links.Info;

/// <summary>Asks the kernel what a link is.</summary>
[SupportedOSPlatform("linux")]
internal static class LinkInfoReader
{
    private const int TextRoom = 4096; // PATH_MAX: the path of a uprobe
    private const uint AtReturnFlag = 1; // BPF_F_KPROBE_MULTI_RETURN, BPF_F_UPROBE_MULTI_RETURN

    /// <exception cref="BpfException">The kernel does not tell.</exception>
    public static BpfLinkInfo Read(FileDescriptorHandle handle, string target)
    {
        byte[] buffer = new byte[TextRoom];
        Errno errno = BpfSyscall.GetLinkInfo(handle, out LinkInfo info, buffer);
        if (errno != Errno.None) throw Refusal.Of(BpfCommand.ObjGetInfoByFd, errno, $"link to {target}");
        string text = Text(buffer);
        (BpfLinkType type, uint id, uint program) = (info.Type, info.Id, info.ProgId);
        return type switch
        {
            BpfLinkType.RawTracepoint => new RawTracepointLinkInfo(type, id, program, text, info.RawTracepointCookie),
            BpfLinkType.Tracing => new TracingLinkInfo(
                type, id, program, info.TracingAttachType, info.TracingTargetObjectId, info.TracingTargetBtfId, info.TracingCookie),
            BpfLinkType.Cgroup => new CgroupLinkInfo(type, id, program, info.CgroupId, info.CgroupAttachType),
            BpfLinkType.Iter => ReadIterator(info, text),
            BpfLinkType.Netns => new NetnsLinkInfo(type, id, program, info.NetnsInode, info.NetnsAttachType),
            BpfLinkType.Xdp => new DeviceLinkInfo(type, id, program, info.IfIndex, BpfAttachType.Xdp),
            BpfLinkType.Tcx or BpfLinkType.Netkit => new DeviceLinkInfo(type, id, program, info.IfIndex, info.IfAttachType),
            BpfLinkType.StructOps => new MapLinkInfo(type, id, program, info.MapId, BpfAttachType.StructOps),
            BpfLinkType.SockMap => new MapLinkInfo(type, id, program, info.MapId, info.MapAttachType),
            BpfLinkType.Netfilter => new NetfilterLinkInfo(
                type, id, program, (NetfilterFamily)info.NetfilterFamily, (NetfilterHook)info.NetfilterHook, info.NetfilterPriority, info.NetfilterFlags),
            BpfLinkType.PerfEvent => ReadPerfEvent(info, text),
            BpfLinkType.KprobeMulti => ReadKprobes(handle, info, target),
            BpfLinkType.UprobeMulti => ReadUprobes(handle, info, target),
            _ => new BpfLinkInfo(type, id, program),
        };
    }

    // The same bytes are the cgroup or the tasks, by the target.
    private static IteratorLinkInfo ReadIterator(in LinkInfo info, string name)
    {
        bool isCgroup = name == "cgroup", isTask = name.StartsWith("task", StringComparison.Ordinal), isMap = !isCgroup && !isTask;
        return new IteratorLinkInfo(
            info.Type, info.Id, info.ProgId, name,
            isMap ? info.IterMapId : 0,
            isCgroup ? info.IterCgroupId : 0,
            isCgroup ? (CgroupOrder)info.IterCgroupOrder : CgroupOrder.Unspecified,
            isTask ? (int)info.IterTaskTid : 0,
            isTask ? (int)info.IterTaskPid : 0);
    }

    private static PerfEventLinkInfo ReadPerfEvent(in LinkInfo info, string name)
    {
        var kind = (PerfEventLinkKind)info.PerfEventType;
        (ulong offset, ulong address, ulong cookie) = kind switch
        {
            PerfEventLinkKind.Uprobe or PerfEventLinkKind.Uretprobe => (info.PerfEventOffset, 0UL, info.UprobeCookie),
            PerfEventLinkKind.Kprobe or PerfEventLinkKind.Kretprobe => (info.PerfEventOffset, info.KprobeAddress, info.KprobeCookie),
            PerfEventLinkKind.Tracepoint => (0UL, 0UL, info.TracepointCookie),
            PerfEventLinkKind.Event => (0UL, 0UL, info.EventCookie),
            _ => (0UL, 0UL, 0UL),
        };
        return new PerfEventLinkInfo(info.Type, info.Id, info.ProgId, kind, kind == PerfEventLinkKind.Event ? "" : name, offset, address, cookie);
    }

    private static KprobeMultiLinkInfo ReadKprobes(FileDescriptorHandle handle, in LinkInfo known, string target)
    {
        ulong[] addresses = new ulong[known.KprobeMultiCount], cookies = new ulong[known.KprobeMultiCount];
        Errno errno = BpfSyscall.GetKprobeMultiInfo(handle, out LinkInfo info, addresses, cookies);
        if (errno != Errno.None) throw Refusal.Of(BpfCommand.ObjGetInfoByFd, errno, $"link to {target}");
        bool hasCookies = Array.Exists(cookies, cookie => cookie != 0);
        return new KprobeMultiLinkInfo(
            info.Type, info.Id, info.ProgId, addresses, hasCookies ? cookies : [], (info.KprobeMultiFlags & AtReturnFlag) != 0, info.KprobeMultiMissed);
    }

    private static UprobeMultiLinkInfo ReadUprobes(FileDescriptorHandle handle, in LinkInfo known, string target)
    {
        uint count = known.UprobeMultiCount;
        ulong[] offsets = new ulong[count], counters = new ulong[count], cookies = new ulong[count];
        byte[] path = new byte[TextRoom];
        Errno errno = BpfSyscall.GetUprobeMultiInfo(handle, out LinkInfo info, path, offsets, counters, cookies);
        if (errno != Errno.None) throw Refusal.Of(BpfCommand.ObjGetInfoByFd, errno, $"link to {target}");
        return new UprobeMultiLinkInfo(
            info.Type, info.Id, info.ProgId, Text(path), offsets, counters, cookies, (info.UprobeMultiFlags & AtReturnFlag) != 0, (int)info.UprobeMultiPid);
    }

    private static string Text(ReadOnlySpan<byte> buffer)
    {
        int end = buffer.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? buffer : buffer[..end]);
    }
}
