using System;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

internal static unsafe partial class BpfSyscall
{
    /// <summary>BPF_PROG_ATTACH (4.10).</summary>
    public static Errno ProgramAttach(in ProgramAttachRequest request) => Attachment(BpfCommand.ProgAttach, request);

    /// <summary>BPF_PROG_DETACH (4.10); ENOENT when it is not attached.</summary>
    public static Errno ProgramDetach(in ProgramAttachRequest request) => Attachment(BpfCommand.ProgDetach, request);

    /// <summary>BPF_PROG_QUERY (4.15): the programs at a hook, as many as fit; ENOSPC when there are more.</summary>
    /// <param name="target">The hook, when it is a descriptor.</param>
    /// <param name="ifIndex">The hook, when it is a network device.</param>
    /// <param name="attachType">Which of its hooks.</param>
    /// <param name="queryFlags">1 for the programs in effect, with those of the ancestors (cgroup).</param>
    /// <param name="buffers">Room for the answer.</param>
    /// <param name="answer">The count and the revision.</param>
    public static Errno ProgramQuery(
        FileDescriptorHandle? target,
        uint ifIndex,
        BpfAttachType attachType,
        uint queryFlags,
        in ProgramQueryBuffers buffers,
        out ProgQueryAttr answer)
    {
        int capacity = buffers.ProgramIds.Length;
        CheckCapacity(capacity, buffers.ProgramAttachFlags);
        CheckCapacity(capacity, buffers.LinkIds);
        CheckCapacity(capacity, buffers.LinkAttachFlags);
        using var use = new HandleUse(target);
        fixed (uint* ids = buffers.ProgramIds, flags = buffers.ProgramAttachFlags)
        fixed (uint* linkIds = buffers.LinkIds, linkFlags = buffers.LinkAttachFlags)
        {
            answer = new ProgQueryAttr
            {
                TargetFd = target is null ? ifIndex : use.Unsigned,
                AttachType = attachType,
                QueryFlags = queryFlags,
                ProgIds = Address(ids),
                Count = (uint)capacity,
                ProgAttachFlags = Address(flags),
                LinkIds = Address(linkIds),
                LinkAttachFlags = Address(linkFlags),
            };
            return CallForError(BpfCommand.ProgQuery, ref answer, ProgQueryAttr.WireSize);
        }
    }

    private static Errno Attachment(BpfCommand command, in ProgramAttachRequest request)
    {
        using var target = new HandleUse(request.Target);
        using var program = new HandleUse(request.Program);
        using var replaced = new HandleUse(request.Replaced);
        using var anchor = new HandleUse(request.Anchor);
        var attribute = new ProgAttachAttr
        {
            TargetFd = request.Target is null ? request.TargetIfIndex : target.Unsigned,
            AttachBpfFd = program.Unsigned,
            AttachType = request.AttachType,
            AttachFlags = request.Flags,
            ReplaceBpfFd = replaced.Unsigned,
            RelativeFd = anchor.Unsigned,
            ExpectedRevision = request.ExpectedRevision,
        };
        if (request.AnchorId != 0)
        {
            attribute.RelativeId = request.AnchorId;
            attribute.AttachFlags |= AnchorIsId;
        }

        return CallForError(command, ref attribute, ProgAttachAttr.WireSize);
    }

    private static void CheckCapacity(int capacity, Span<uint> buffer)
    {
        if (!buffer.IsEmpty && buffer.Length != capacity)
            throw new ArgumentException($"Room for {buffer.Length} beside room for {capacity} program ids.", nameof(buffer));
    }
}
