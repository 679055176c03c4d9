using System;
using System.Collections.Concurrent;

namespace Bpf.Loader.Testing.Contexts;

/// <summary>Which members of <c>struct __sk_buff</c> programs of a type see, and which of these they write.</summary>
internal sealed class SkBuffAccess
{
    // family to local_port: of the packet's socket.
    private const int FirstOfSocket = 88, EndOfSocket = 140;

    private static readonly ConcurrentDictionary<BpfProgramType, SkBuffAccess> Known = [];

    // By the offset of the first byte.
    private readonly bool[] _isRead, _isWritten;

    private SkBuffAccess(BpfProgramType type, ContextLayout layout)
    {
        _isRead = new bool[layout.Size];
        _isWritten = new bool[layout.Size];
        foreach (ContextField member in layout.Fields)
        {
            bool reads = Reads(type, member);
            _isRead.AsSpan(member.Offset, member.Size).Fill(reads);
            _isWritten.AsSpan(member.Offset, member.Size).Fill(reads && Writes(type, member));
        }
    }

    /// <summary>What programs of a type may do.</summary>
    /// <param name="type">The type; null for code that has none.</param>
    /// <param name="layout">The structure.</param>
    public static SkBuffAccess Of(BpfProgramType? type, ContextLayout layout) => Known.GetOrAdd(type ?? default, static (type, layout) => new SkBuffAccess(type, layout), layout);

    /// <summary>True when programs of a type may write the packet (<c>may_access_direct_pkt_data</c> of kernel/bpf/verifier.c).</summary>
    public static bool WritesPacket(BpfProgramType? type) => type is not (BpfProgramType.SocketFilter or BpfProgramType.CgroupSkb or BpfProgramType.LwtIn or BpfProgramType.LwtOut
        or BpfProgramType.LwtSeg6Local or BpfProgramType.FlowDissector);

    /// <summary>True when the member at an offset may be read.</summary>
    public bool IsRead(uint offset) => offset < _isRead.Length && _isRead[offset];

    /// <summary>True when the member at an offset may be written.</summary>
    public bool IsWritten(uint offset) => offset < _isWritten.Length && _isWritten[offset];

    // sk_filter_is_valid_access, cg_skb_is_valid_access, lwt_is_valid_access, sk_skb_is_valid_access, flow_dissector_is_valid_access and
    // tc_cls_act_is_valid_access of net/core/filter.c.
    private static bool Reads(BpfProgramType type, ContextField member)
    {
        bool isOfSocket = member.Offset is >= FirstOfSocket and < EndOfSocket;
        return type switch
        {
            BpfProgramType.SocketFilter => !isOfSocket
                && member.Name is not ("tc_classid" or "data" or "data_meta" or "data_end" or "tstamp" or "tstamp_type" or "wire_len" or "hwtstamp" or "flow_keys"),
            BpfProgramType.CgroupSkb => member.Name is not ("tc_classid" or "data_meta" or "tstamp_type" or "wire_len" or "hwtstamp" or "flow_keys"),
            BpfProgramType.LwtIn or BpfProgramType.LwtOut or BpfProgramType.LwtXmit or BpfProgramType.LwtSeg6Local => !isOfSocket
                && member.Name is not ("tc_classid" or "data_meta" or "tstamp" or "tstamp_type" or "wire_len" or "hwtstamp" or "flow_keys"),
            BpfProgramType.SkSkb => member.Name is not ("tc_classid" or "data_meta" or "tstamp" or "tstamp_type" or "wire_len" or "hwtstamp" or "flow_keys"),
            BpfProgramType.FlowDissector => member.Name is "data" or "data_end" or "flow_keys",
            BpfProgramType.SchedCls or BpfProgramType.SchedAct => !isOfSocket && member.Name is not "flow_keys",
            _ => true,
        };
    }

    private static bool Writes(BpfProgramType type, ContextField member) => type switch
    {
        BpfProgramType.SocketFilter => member.Name is "cb",
        BpfProgramType.CgroupSkb => member.Name is "cb" or "mark" or "priority" or "tstamp",
        BpfProgramType.LwtIn or BpfProgramType.LwtOut or BpfProgramType.LwtXmit or BpfProgramType.LwtSeg6Local => member.Name is "cb" or "mark" or "priority",
        BpfProgramType.SkSkb => member.Name is "tc_index" or "priority",
        BpfProgramType.FlowDissector => false,
        _ => member.IsWritable,
    };
}
