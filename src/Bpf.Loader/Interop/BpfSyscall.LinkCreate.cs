using System;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

/// <content>BPF_LINK_CREATE (5.7): the link, or <see langword="null"/> and why not.</content>
internal static unsafe partial class BpfSyscall
{
    // BPF_F_ID: the anchor is named by id, not by descriptor.
    private const uint AnchorIsId = 1u << 5;

    /// <summary>A link that needs nothing but program and target: cgroup, network namespace, XDP, struct_ops, sockmap.</summary>
    public static FileDescriptorHandle? LinkCreate(in LinkCreateRequest request, out Errno errno)
    {
        var attribute = default(LinkCreateAttr);
        return LinkCreate(request, ref attribute, out errno);
    }

    /// <summary>fentry, fexit, fmod_ret, tp_btf, LSM, and with a target id freplace; a cookie since 5.18.</summary>
    public static FileDescriptorHandle? LinkCreateTracing(
        in LinkCreateRequest request, uint targetBtfId, ulong cookie, out Errno errno)
    {
        var attribute = new LinkCreateAttr { TargetBtfId = targetBtfId, TracingCookie = cookie };
        return LinkCreate(request, ref attribute, out errno);
    }

    /// <summary>An iterator (5.8), with the bytes of its <c>union bpf_iter_link_info</c>, if any.</summary>
    public static FileDescriptorHandle? LinkCreateIterator(
        in LinkCreateRequest request, ReadOnlySpan<byte> linkInfo, out Errno errno)
    {
        fixed (byte* info = linkInfo)
        {
            var attribute = new LinkCreateAttr { IterInfo = Address(info), IterInfoLen = (uint)linkInfo.Length };
            return LinkCreate(request, ref attribute, out errno);
        }
    }

    /// <summary>A perf event (5.15), whose descriptor is the target.</summary>
    public static FileDescriptorHandle? LinkCreatePerfEvent(in LinkCreateRequest request, ulong cookie, out Errno errno)
    {
        var attribute = new LinkCreateAttr { PerfEventCookie = cookie };
        return LinkCreate(request, ref attribute, out errno);
    }

    /// <summary>Netfilter (6.4): family, hook, priority; flag 1 defragments.</summary>
    public static FileDescriptorHandle? LinkCreateNetfilter(
        in LinkCreateRequest request, uint family, uint hook, int priority, uint flags, out Errno errno)
    {
        var attribute = new LinkCreateAttr
        {
            NetfilterFamily = family,
            NetfilterHook = hook,
            NetfilterPriority = priority,
            NetfilterFlags = flags,
        };
        return LinkCreate(request, ref attribute, out errno);
    }

    /// <summary>tcx (6.6), netkit (6.7) and cgroup (6.17): beside the program or link that is the anchor.</summary>
    /// <param name="request">The request, with BPF_F_BEFORE and the like as its flags.</param>
    /// <param name="anchor">The anchor's descriptor, or none.</param>
    /// <param name="anchorId">The anchor's id when it has no descriptor here; sets BPF_F_ID.</param>
    /// <param name="expectedRevision">Refuses with ESTALE unless the hook is at this revision; 0 is any.</param>
    /// <param name="errno">Why it failed.</param>
    public static FileDescriptorHandle? LinkCreateAnchored(
        in LinkCreateRequest request, FileDescriptorHandle? anchor, uint anchorId, ulong expectedRevision, out Errno errno)
    {
        using var use = new HandleUse(anchor);
        var attribute = new LinkCreateAttr { RelativeFd = use.Unsigned, ExpectedRevision = expectedRevision };
        if (anchorId != 0)
        {
            attribute.RelativeId = anchorId;
            attribute.Flags = AnchorIsId;
        }

        return LinkCreate(request, ref attribute, out errno);
    }

    private static FileDescriptorHandle? LinkCreate(in LinkCreateRequest request, ref LinkCreateAttr attribute, out Errno errno)
    {
        using HandleUse program = request.Program.Use();
        using var target = new HandleUse(request.Target);
        attribute.ProgFd = program.Unsigned;
        if (request.Target is null)
            attribute.TargetIfIndex = request.TargetIfIndex;
        else
            attribute.TargetFd = target.Unsigned;
        attribute.AttachType = request.AttachType;
        attribute.Flags |= request.Flags;
        return CallForDescriptor(BpfCommand.LinkCreate, ref attribute, LinkCreateAttr.WireSize, out errno);
    }
}
