using System;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

internal static unsafe partial class BpfSyscall
{
    /// <summary>
    /// BPF_PROG_TEST_RUN (4.12): runs a program; ENOSPC when an output does not fit. The kernel gives up a run that is repeated when a
    /// signal comes, after as many runs as there were, which it does not tell; so none comes while it lasts.
    /// </summary>
    /// <param name="program">The program.</param>
    /// <param name="request">Its input and the room for its output.</param>
    /// <param name="answer">Return value, nanoseconds and the sizes of the outputs.</param>
    public static Errno ProgramRun(FileDescriptorHandle program, in ProgramRunRequest request, out ProgTestRunAttr answer)
    {
        using HandleUse use = program.Use();
        fixed (byte* dataIn = request.DataIn, dataOut = request.DataOut)
        fixed (byte* contextIn = request.ContextIn, contextOut = request.ContextOut)
        {
            answer = new ProgTestRunAttr
            {
                ProgFd = use.Unsigned,
                DataSizeIn = (uint)request.DataIn.Length,
                DataSizeOut = (uint)request.DataOut.Length,
                DataIn = Address(dataIn),
                DataOut = Address(dataOut),
                Repeat = request.Repeat,
                ContextSizeIn = (uint)request.ContextIn.Length,
                ContextSizeOut = (uint)request.ContextOut.Length,
                ContextIn = Address(contextIn),
                ContextOut = Address(contextOut),
                Flags = request.Flags,
                Cpu = request.Cpu,
                BatchSize = request.BatchSize,
            };
            if (request.Repeat <= 1) return CallForError(BpfCommand.ProgTestRun, ref answer, ProgTestRunAttr.WireSize);
            using SignalBlock quiet = SignalBlock.Begin();
            return CallForError(BpfCommand.ProgTestRun, ref answer, ProgTestRunAttr.WireSize);
        }
    }

    /// <summary>BPF_PROG_BIND_MAP (5.10): the map lives as long as the program.</summary>
    public static Errno ProgramBindMap(FileDescriptorHandle program, FileDescriptorHandle map)
    {
        using HandleUse programUse = program.Use();
        using HandleUse mapUse = map.Use();
        var attribute = new ProgBindMapAttr { ProgFd = programUse.Unsigned, MapFd = mapUse.Unsigned };
        return CallForError(BpfCommand.ProgBindMap, ref attribute, ProgBindMapAttr.WireSize);
    }

    /// <summary>BPF_PROG_ASSOC_STRUCT_OPS (newer than 6.18): the struct_ops map that a program's kfuncs work on.</summary>
    public static Errno ProgramAssociateStructOps(FileDescriptorHandle program, FileDescriptorHandle map)
    {
        using HandleUse programUse = program.Use();
        using HandleUse mapUse = map.Use();
        var attribute = new AssocStructOpsAttr { ProgFd = programUse.Unsigned, MapFd = mapUse.Unsigned };
        return CallForError(BpfCommand.ProgAssocStructOps, ref attribute, AssocStructOpsAttr.WireSize);
    }

    /// <summary>BPF_PROG_STREAM_READ_BY_FD (6.17): what a program printed, 1 its output and 2 its errors.</summary>
    /// <returns>The number of bytes read, 0 when there are none, or negative.</returns>
    public static int ProgramStreamRead(FileDescriptorHandle program, uint streamId, Span<byte> buffer, out Errno errno)
    {
        using HandleUse use = program.Use();
        fixed (byte* pointer = buffer)
        {
            var attribute = new StreamReadAttr
            {
                Buffer = Address(pointer),
                BufferLength = (uint)buffer.Length,
                StreamId = streamId,
                ProgFd = use.Unsigned,
            };
            return Call(BpfCommand.ProgStreamReadByFd, ref attribute, StreamReadAttr.WireSize, out errno);
        }
    }

    /// <summary>BPF_ENABLE_STATS (5.8): counts the runs of all programs while the descriptor is open. Needs CAP_SYS_ADMIN.</summary>
    public static FileDescriptorHandle? EnableStatistics(uint type, out Errno errno)
    {
        var attribute = new PairAttr { First = type };
        return CallForDescriptor(BpfCommand.EnableStats, ref attribute, sizeof(uint), out errno);
    }

    /// <summary>BPF_TOKEN_CREATE (6.9): the rights that the mount of a bpffs delegates; ENOENT when it delegates none.</summary>
    public static FileDescriptorHandle? TokenCreate(FileDescriptorHandle bpffs, out Errno errno)
    {
        using HandleUse use = bpffs.Use();
        var attribute = new PairAttr { Second = use.Unsigned };
        return CallForDescriptor(BpfCommand.TokenCreate, ref attribute, (uint)sizeof(PairAttr), out errno);
    }
}
