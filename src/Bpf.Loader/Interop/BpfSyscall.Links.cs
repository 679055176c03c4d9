using System;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

internal static unsafe partial class BpfSyscall
{
    // BPF_F_REPLACE: the old program is given and must be the one that runs.
    private const uint ReplaceFlag = 1u << 2;

    /// <summary>BPF_LINK_UPDATE (5.7): replaces what a link runs, a program or, for struct_ops, a map.</summary>
    /// <param name="link">The link.</param>
    /// <param name="replacement">The new program or map.</param>
    /// <param name="expected">Refuses with EPERM unless this one runs; sets BPF_F_REPLACE.</param>
    public static Errno LinkUpdate(FileDescriptorHandle link, FileDescriptorHandle replacement, FileDescriptorHandle? expected)
    {
        using HandleUse linkUse = link.Use();
        using HandleUse newUse = replacement.Use();
        using var oldUse = new HandleUse(expected);
        var attribute = new LinkUpdateAttr
        {
            LinkFd = linkUse.Unsigned,
            NewFd = newUse.Unsigned,
            OldFd = oldUse.Unsigned,
            Flags = expected is null ? 0 : ReplaceFlag,
        };
        return CallForError(BpfCommand.LinkUpdate, ref attribute, LinkUpdateAttr.WireSize);
    }

    /// <summary>BPF_LINK_DETACH (5.9): detaches a link by force and leaves it defunct; EOPNOTSUPP for kinds that cannot.</summary>
    public static Errno LinkDetach(FileDescriptorHandle link)
    {
        using HandleUse use = link.Use();
        var attribute = new PairAttr { First = use.Unsigned };
        return CallForError(BpfCommand.LinkDetach, ref attribute, sizeof(uint));
    }

    /// <summary>BPF_ITER_CREATE (5.8): a descriptor from which the iterator's output is read.</summary>
    public static FileDescriptorHandle? IteratorCreate(FileDescriptorHandle link, out Errno errno)
    {
        using HandleUse use = link.Use();
        var attribute = new PairAttr { First = use.Unsigned };
        return CallForDescriptor(BpfCommand.IterCreate, ref attribute, (uint)sizeof(PairAttr), out errno);
    }

    /// <summary>BPF_RAW_TRACEPOINT_OPEN (4.17): a raw tracepoint by name, or the loaded target of a tracing program without one.</summary>
    /// <param name="program">The program.</param>
    /// <param name="name">The tracepoint, or <see langword="null"/>.</param>
    /// <param name="cookie">A cookie (6.9), or 0.</param>
    /// <param name="errno">Why it failed.</param>
    public static FileDescriptorHandle? RawTracepointOpen(
        FileDescriptorHandle program, string? name, ulong cookie, out Errno errno)
    {
        using HandleUse use = program.Use();
        byte* text = name is null ? null : ToNativeText(name);
        try
        {
            var attribute = new RawTracepointAttr { Name = Address(text), ProgFd = use.Unsigned, Cookie = cookie };
            return CallForDescriptor(BpfCommand.RawTracepointOpen, ref attribute, RawTracepointAttr.WireSize, out errno);
        }
        finally
        {
            FreeNativeText(text);
        }
    }

    /// <summary>BPF_TASK_FD_QUERY (4.18): what a perf event descriptor of a task is attached to.</summary>
    /// <param name="pid">The task.</param>
    /// <param name="fd">The number of the descriptor in that task.</param>
    /// <param name="text">Where the name goes, with a zero; ENOSPC when it does not fit.</param>
    /// <param name="answer">Program id, type, offset and address.</param>
    public static Errno TaskFdQuery(int pid, int fd, Span<byte> text, out TaskFdQueryAttr answer)
    {
        fixed (byte* pointer = text)
        {
            answer = new TaskFdQueryAttr { Pid = (uint)pid, Fd = (uint)fd, Buf = Address(pointer), BufLen = (uint)text.Length };
            return CallForError(BpfCommand.TaskFdQuery, ref answer, TaskFdQueryAttr.WireSize);
        }
    }
}
