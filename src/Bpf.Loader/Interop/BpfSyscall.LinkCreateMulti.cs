using System;
using System.Runtime.InteropServices;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

internal static unsafe partial class BpfSyscall
{
    /// <summary>kprobe.multi (5.18) and kprobe.session (6.10), by symbol.</summary>
    /// <param name="request">The request; its attach type tells which.</param>
    /// <param name="flags">1 for return probes.</param>
    /// <param name="symbols">Function names.</param>
    /// <param name="cookies">One for each, or none.</param>
    /// <param name="errno">Why it failed.</param>
    public static FileDescriptorHandle? LinkCreateKprobeMulti(
        in LinkCreateRequest request, uint flags, ReadOnlySpan<string> symbols, ReadOnlySpan<ulong> cookies, out Errno errno)
    {
        CheckCookies(symbols.Length, cookies);
        byte** texts = (byte**)NativeMemory.AllocZeroed((nuint)symbols.Length, (nuint)sizeof(byte*));
        try
        {
            for (int i = 0; i < symbols.Length; i++)
                texts[i] = ToNativeText(symbols[i]);
            fixed (ulong* cookiePointer = cookies)
            {
                var attribute = new LinkCreateAttr
                {
                    KprobeMultiFlags = flags,
                    KprobeMultiCount = (uint)symbols.Length,
                    KprobeMultiSymbols = Address(texts),
                    KprobeMultiCookies = Address(cookiePointer),
                };
                return LinkCreate(request, ref attribute, out errno);
            }
        }
        finally
        {
            for (int i = 0; i < symbols.Length; i++)
                FreeNativeText(texts[i]);
            NativeMemory.Free(texts);
        }
    }

    /// <summary>kprobe.multi (5.18) and kprobe.session (6.10), by address.</summary>
    public static FileDescriptorHandle? LinkCreateKprobeMulti(
        in LinkCreateRequest request, uint flags, ReadOnlySpan<ulong> addresses, ReadOnlySpan<ulong> cookies, out Errno errno)
    {
        CheckCookies(addresses.Length, cookies);
        fixed (ulong* addressPointer = addresses, cookiePointer = cookies)
        {
            var attribute = new LinkCreateAttr
            {
                KprobeMultiFlags = flags,
                KprobeMultiCount = (uint)addresses.Length,
                KprobeMultiAddresses = Address(addressPointer),
                KprobeMultiCookies = Address(cookiePointer),
            };
            return LinkCreate(request, ref attribute, out errno);
        }
    }

    /// <summary>uprobe.multi (6.6) and uprobe.session (6.13).</summary>
    /// <param name="request">The request; its attach type tells which.</param>
    /// <param name="flags">1 for return probes.</param>
    /// <param name="pid">The process, or 0 for all.</param>
    /// <param name="path">The binary.</param>
    /// <param name="offsets">Offsets into the file.</param>
    /// <param name="refCtrOffsets">Offsets of the semaphores into the file, one for each, or none.</param>
    /// <param name="cookies">One for each, or none.</param>
    /// <param name="errno">Why it failed.</param>
    public static FileDescriptorHandle? LinkCreateUprobeMulti(
        in LinkCreateRequest request,
        uint flags,
        uint pid,
        string path,
        ReadOnlySpan<ulong> offsets,
        ReadOnlySpan<ulong> refCtrOffsets,
        ReadOnlySpan<ulong> cookies,
        out Errno errno)
    {
        CheckCookies(offsets.Length, cookies);
        CheckCookies(offsets.Length, refCtrOffsets);
        byte* text = ToNativeText(path);
        try
        {
            fixed (ulong* offsetPointer = offsets, refCtrPointer = refCtrOffsets, cookiePointer = cookies)
            {
                var attribute = new LinkCreateAttr
                {
                    UprobeMultiPath = Address(text),
                    UprobeMultiOffsets = Address(offsetPointer),
                    UprobeMultiRefCtrOffsets = Address(refCtrPointer),
                    UprobeMultiCookies = Address(cookiePointer),
                    UprobeMultiCount = (uint)offsets.Length,
                    UprobeMultiFlags = flags,
                    UprobeMultiPid = pid,
                };
                return LinkCreate(request, ref attribute, out errno);
            }
        }
        finally
        {
            FreeNativeText(text);
        }
    }

    /// <summary>fentry.multi, fexit.multi and fsession.multi (newer than 6.19), by BTF id.</summary>
    public static FileDescriptorHandle? LinkCreateTracingMulti(
        in LinkCreateRequest request, ReadOnlySpan<uint> ids, ReadOnlySpan<ulong> cookies, out Errno errno)
    {
        CheckCookies(ids.Length, cookies);
        fixed (uint* idPointer = ids)
        fixed (ulong* cookiePointer = cookies)
        {
            var attribute = new LinkCreateAttr
            {
                TracingMultiIds = Address(idPointer),
                TracingMultiCookies = Address(cookiePointer),
                TracingMultiCount = (uint)ids.Length,
            };
            return LinkCreate(request, ref attribute, out errno);
        }
    }

    // The kernel reads as many as there are targets, whatever the length of our array.
    private static void CheckCookies(int targets, ReadOnlySpan<ulong> values)
    {
        if (!values.IsEmpty && values.Length != targets)
            throw new ArgumentException($"{values.Length} values are given for {targets} targets.", nameof(values));
    }
}
