using System;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Interop;

/// <summary>How far an answer of netlink has come: what a stretch of messages says of it.</summary>
/// <param name="IsComplete">Whether nothing more is to come.</param>
/// <param name="Errno">How it ended.</param>
/// <param name="Reason">What the kernel says of a refusal, if it says something.</param>
/// <param name="IsDamaged">Whether it ends because a message is none, so that nobody knows what became of the request.</param>
/// <param name="IsInterrupted">Whether what is listed changed meanwhile, so that some of it may be missing or come twice.</param>
internal readonly record struct NetlinkAnswer(bool IsComplete, Errno Errno, string? Reason, bool IsDamaged, bool IsInterrupted = false)
{
    private const ushort AckHasAttributes = 0x200, DumpInterrupted = 0x10; // NLM_F_ACK_TLVS, NLM_F_DUMP_INTR
    private const ushort ErrorMessage = 2, DoneMessage = 3;

    /// <summary>What is done with each message.</summary>
    public delegate void Handler(ushort type, ReadOnlySpan<byte> payload);

    /// <summary>Goes through the messages that came at once.</summary>
    /// <param name="data">The messages.</param>
    /// <param name="sequence">The number of the request; answers to an earlier one, which was given up, are passed over.</param>
    /// <param name="handler">What is done with each, if anything.</param>
    public static NetlinkAnswer Read(ReadOnlySpan<byte> data, uint sequence, Handler? handler)
    {
        bool isInterrupted = false;
        while (data.Length >= NetlinkMessage.HeaderSize)
        {
            int length = (int)Math.Min(MemoryMarshal.Read<uint>(data), int.MaxValue);
            if (length < NetlinkMessage.HeaderSize || length > data.Length) return new NetlinkAnswer(true, Errno.EBADMSG, null, IsDamaged: true);
            ushort type = MemoryMarshal.Read<ushort>(data[4..]), flags = MemoryMarshal.Read<ushort>(data[6..]);
            bool isOurs = MemoryMarshal.Read<uint>(data[8..]) == sequence;
            isInterrupted |= isOurs && (flags & DumpInterrupted) != 0;
            ReadOnlySpan<byte> payload = data[NetlinkMessage.HeaderSize..length];
            if (isOurs && type is ErrorMessage or DoneMessage)
            {
                Errno errno = payload.Length >= sizeof(int) ? (Errno)(-MemoryMarshal.Read<int>(payload)) : Errno.None;
                return new NetlinkAnswer(true, errno, (flags & AckHasAttributes) != 0 ? ReasonOf(type, payload) : null, IsDamaged: false, isInterrupted);
            }

            if (isOurs) handler?.Invoke(type, payload);
            data = data[Math.Min(data.Length, (length + 3) & ~3)..];
        }

        return new NetlinkAnswer(false, Errno.None, null, IsDamaged: false, isInterrupted);
    }

    private static string? ReasonOf(ushort type, ReadOnlySpan<byte> payload)
    {
        const ushort MessageAttribute = 1; // NLMSGERR_ATTR_MSG
        int skip = sizeof(int) + (type == ErrorMessage ? NetlinkMessage.HeaderSize : 0);
        return payload.Length > skip && NetlinkAttribute.TryFind(payload[skip..], MessageAttribute, out NetlinkAttribute text) ? text.Text : null;
    }
}
