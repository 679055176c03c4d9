using System;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

internal static unsafe partial class BpfSyscall
{
    /// <summary>
    /// The id after the given one; ENOENT at the end. The command is one of the four <c>*_GET_NEXT_ID</c>. Needs CAP_SYS_ADMIN,
    /// and for BTF CAP_BPF since 6.16.
    /// </summary>
    public static Errno NextId(BpfCommand command, uint startId, out uint nextId)
    {
        var attribute = new IdAttr { StartId = startId };
        Errno errno = CallForError(command, ref attribute, IdAttr.WireSize);
        nextId = attribute.NextId;
        return errno;
    }

    /// <summary>
    /// Opens by id; ENOENT when it is gone. The command is one of the four <c>*_GET_FD_BY_ID</c>. Needs CAP_SYS_ADMIN.
    /// </summary>
    /// <param name="command">The command.</param>
    /// <param name="id">The id.</param>
    /// <param name="openFlags">BPF_F_RDONLY or BPF_F_WRONLY, for maps only (4.15).</param>
    /// <param name="errno">Why it failed.</param>
    /// <param name="token">A BPF token, for BTF only (6.16).</param>
    public static FileDescriptorHandle? OpenById(
        BpfCommand command, uint id, uint openFlags, out Errno errno, FileDescriptorHandle? token = null)
    {
        using var tokenUse = new HandleUse(token);
        var attribute = new IdAttr { Id = id, OpenFlags = openFlags };
        uint size = IdAttr.WireSize;
        if (token is not null)
        {
            if (command != BpfCommand.BtfGetFdById)
                throw new ArgumentException("Only BTF is opened with a token.", nameof(token));
            attribute.OpenFlags |= (uint)BpfProgramFlags.TokenFd;
            attribute.TokenFd = tokenUse.Descriptor;
            size = (uint)sizeof(IdAttr);
        }

        return CallForDescriptor(command, ref attribute, size, out errno);
    }
}
