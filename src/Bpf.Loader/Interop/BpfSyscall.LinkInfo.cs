using System;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

internal static unsafe partial class BpfSyscall
{
    /// <summary>
    /// Describes a link with its text: the name of a raw tracepoint or iterator, or of what a perf event is of. The first answer
    /// tells the type, and where that has text the second call fetches it.
    /// </summary>
    /// <param name="link">The link.</param>
    /// <param name="info">The description; its pointers are of no use after the call.</param>
    /// <param name="text">Where the text goes, with a zero; untouched when there is none. ENOSPC when it does not fit.</param>
    public static Errno GetLinkInfo(FileDescriptorHandle link, out LinkInfo info, Span<byte> text)
    {
        Errno errno = GetLinkInfo(link, out info);
        if (errno != Errno.None)
            return errno;
        fixed (byte* pointer = text)
        {
            LinkInfo request = default;
            switch (info.Type)
            {
                case BpfLinkType.RawTracepoint:
                case BpfLinkType.Iter:
                    request.RawTracepointName = Address(pointer);
                    request.RawTracepointNameLength = (uint)text.Length;
                    break;
                case BpfLinkType.PerfEvent:
                    request.PerfEventName = Address(pointer);
                    request.PerfEventNameLength = (uint)text.Length;
                    break;
                case BpfLinkType.UprobeMulti:
                    request.UprobeMultiPath = Address(pointer);
                    request.UprobeMultiPathSize = (uint)text.Length;
                    break;
                default:
                    return Errno.None;
            }

            errno = GetInfo(link, ref request);
            if (errno == Errno.None)
                info = request;
            return errno;
        }
    }

    /// <summary>Describes a kprobe.multi link with its addresses and cookies (6.6), as many as fit.</summary>
    public static Errno GetKprobeMultiInfo(
        FileDescriptorHandle link, out LinkInfo info, Span<ulong> addresses, Span<ulong> cookies)
    {
        fixed (ulong* addressPointer = addresses, cookiePointer = cookies)
        {
            info = default;
            info.KprobeMultiAddresses = Address(addressPointer);
            info.KprobeMultiCookies = Address(cookiePointer);
            info.KprobeMultiCount = (uint)addresses.Length;
            return GetInfo(link, ref info);
        }
    }

    /// <summary>Describes a uprobe.multi link with its offsets, counters and cookies (6.8), as many as fit.</summary>
    public static Errno GetUprobeMultiInfo(
        FileDescriptorHandle link, out LinkInfo info, Span<byte> path, Span<ulong> offsets, Span<ulong> refCtrOffsets, Span<ulong> cookies)
    {
        fixed (byte* pathPointer = path)
        fixed (ulong* offsetPointer = offsets, refCtrPointer = refCtrOffsets, cookiePointer = cookies)
        {
            info = default;
            info.UprobeMultiPath = Address(pathPointer);
            info.UprobeMultiPathSize = (uint)path.Length;
            info.UprobeMultiOffsets = Address(offsetPointer);
            info.UprobeMultiRefCtrOffsets = Address(refCtrPointer);
            info.UprobeMultiCookies = Address(cookiePointer);
            info.UprobeMultiCount = (uint)offsets.Length;
            return GetInfo(link, ref info);
        }
    }
}
