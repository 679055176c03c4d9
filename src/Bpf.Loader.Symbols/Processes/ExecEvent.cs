using System;
using System.Buffers.Binary;
using System.Text;

namespace Bpf.Loader.Symbols.Processes;

/// <summary>Reads a <c>struct exec_event</c> of process_watch.bpf.c.</summary>
internal static class ExecEvent
{
    private const int Comm = 32, Executable = Comm + 16, Arguments = Executable + 256, Cgroup = Arguments + 512, CgroupDepth = 8, CgroupName = 128;

    /// <summary>The size of one.</summary>
    public const int Size = Cgroup + (CgroupDepth * CgroupName);

    /// <summary>Who the process is, as far as its start tells; null when the record is none.</summary>
    public static ProcessInfo? Read(ReadOnlySpan<byte> record)
    {
        if (record.Length < Size) return null;
        string cgroup = CgroupPath(record);
        return new ProcessInfo
        {
            ProcessId = BinaryPrimitives.ReadInt32LittleEndian(record[8..]),
            ParentId = BinaryPrimitives.ReadInt32LittleEndian(record[12..]),
            StartTime = TimeSpan.FromTicks((long)(BinaryPrimitives.ReadUInt64LittleEndian(record) / 100)),
            Name = BpfText.Read(record.Slice(Comm, 16)),
            CommandLine = CommandLine(record),
            Executable = BpfText.Read(record.Slice(Executable, 256)) is { Length: > 0 } path ? path : null,
            UserId = BinaryPrimitives.ReadUInt32LittleEndian(record[16..]),
            GroupId = BinaryPrimitives.ReadUInt32LittleEndian(record[20..]),
            CgroupPath = cgroup,
            Container = CgroupNames.Read(cgroup),
            Namespaces = System.Collections.Frozen.FrozenDictionary<string, ulong>.Empty,
        };
    }

    private static string[] CommandLine(ReadOnlySpan<byte> record)
    {
        int length = Math.Min(BinaryPrimitives.ReadInt32LittleEndian(record[24..]), 512);
        return length <= 0 ? [] : Encoding.UTF8.GetString(record.Slice(Arguments, length)).TrimEnd('\0').Split('\0');
    }

    // The innermost is first; the root has no name.
    private static string CgroupPath(ReadOnlySpan<byte> record)
    {
        var path = new StringBuilder();
        int depth = Math.Min(BinaryPrimitives.ReadInt32LittleEndian(record[28..]), CgroupDepth);
        for (int i = depth - 1; i >= 0; i--)
        {
            string name = BpfText.Read(record.Slice(Cgroup + (i * CgroupName), CgroupName));
            if (name.Length > 0) path.Append('/').Append(name);
        }

        return path.Length == 0 ? "/" : path.ToString();
    }
}
