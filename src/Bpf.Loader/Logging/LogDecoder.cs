using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Bpf.Loader.Logging;

/// <summary>Makes entries of records.</summary>
internal sealed class LogDecoder(IReadOnlyList<BpfLogSite> sites, Func<ulong, DateTimeOffset> clock)
{
    // struct bpf_log_record of bpf_log.h.
    private const int SiteOffset = 8, CpuOffset = 12, HeaderSize = 16;

    /// <summary>The entry of a record; null when it is none of a call that is known.</summary>
    public BpfLogEntry? Read(ReadOnlySpan<byte> record)
    {
        if (record.Length < HeaderSize) return null;
        uint number = MemoryMarshal.Read<uint>(record[SiteOffset..]);
        if (number == 0 || number > (uint)sites.Count) return null;
        BpfLogSite site = sites[(int)number - 1];
        ReadOnlySpan<byte> rest = record[HeaderSize..];
        object[] values = site.Arguments.Length == 0 ? [] : new object[site.Arguments.Length];
        for (int i = 0; i < values.Length; i++)
        {
            LogArgument argument = site.Arguments[i];
            if (rest.Length < argument.Room) return null;
            values[i] = argument.Read(rest[..argument.Room]);
            rest = rest[argument.Room..];
        }

        return new BpfLogEntry(site, clock(MemoryMarshal.Read<ulong>(record)), (int)MemoryMarshal.Read<uint>(record[CpuOffset..]), values);
    }
}
