using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Rules;

/// <summary>
/// What the kernel tells of processes over netlink's connector (<c>linux/cn_proc.h</c>; CONFIG_PROC_EVENTS). It goes on as long as somebody
/// listens, and asks to be told when nobody does.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ProcessEvents
{
    private const int Connector = 11; // NETLINK_CONNECTOR
    private const uint Index = 1, Value = 1; // CN_IDX_PROC, which is the group too, and CN_VAL_PROC
    private const ushort Done = 3; // NLMSG_DONE
    private const uint Begin = 1, End = 2; // PROC_CN_MCAST_LISTEN, PROC_CN_MCAST_IGNORE
    private const int ConnectorHeader = 20; // struct cn_msg
    private const int EventAt = NetlinkMessage.HeaderSize + ConnectorHeader; // struct proc_event: what, CPU, time
    private const int DataAt = EventAt + 16;
    private const uint Answer = 0, Forked = 1, Executed = 2, Renamed = 0x200, Exited = 0x80000000; // PROC_EVENT_*

    /// <summary>Begins to listen.</summary>
    /// <param name="news">Is told what comes.</param>
    /// <param name="refusal">Why nothing is told; null when it is.</param>
    public static NetlinkListener? Listen(INetlinkNews news, out string? refusal)
    {
        NetlinkListener? listener = NetlinkListener.Start(Connector, 1u << ((int)Index - 1), Request(Begin), static answer => IsAnswer(answer.Span), Request(End), news, out refusal);
        if (listener is null)
            refusal += ": it tells of processes in the initial namespaces of users and processes, before Linux 6.6 to those with CAP_NET_ADMIN, if it was built with CONFIG_PROC_EVENTS";
        return listener;
    }

    /// <summary>Reads an event.</summary>
    /// <param name="message">The message, with its headers.</param>
    /// <param name="process">The process that began, executes another program, has another name, or ended.</param>
    /// <param name="isEnd">Whether it ended.</param>
    /// <returns>False for what concerns threads, or is something else.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out int process, out bool isEnd)
    {
        (process, isEnd) = (0, false);
        if (message.Length < DataAt + (4 * sizeof(int))) return false;
        uint what = MemoryMarshal.Read<uint>(message[EventAt..]);
        // A fork tells of the parent first. Each thread has a number of its own; that of the process is the number of its first.
        ReadOnlySpan<byte> data = message[(DataAt + (what == Forked ? 2 * sizeof(int) : 0))..];
        int thread = MemoryMarshal.Read<int>(data);
        process = MemoryMarshal.Read<int>(data[sizeof(int)..]);
        isEnd = what == Exited;
        return what == Executed || (what is Forked or Renamed or Exited && thread == process);
    }

    // The answer tells an errno, too: one that cannot be, since who may not ask is not answered.
    private static bool IsAnswer(ReadOnlySpan<byte> message) =>
        message.Length >= DataAt + sizeof(uint) && MemoryMarshal.Read<uint>(message[EventAt..]) == Answer && MemoryMarshal.Read<uint>(message[DataAt..]) == 0;

    private static byte[] Request(uint operation)
    {
        // struct cn_msg: index, value, sequence, acknowledgement, length and flags; then the operation.
        ReadOnlySpan<uint> content = [Index, Value, 0, 0, sizeof(uint), operation];
        NetlinkMessage message = new NetlinkMessage(Done, NetlinkFlags.None).Raw(MemoryMarshal.AsBytes(content));
        return message.Finish(0).ToArray();
    }
}
