using System;
using System.Buffers.Binary;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Iterators (5.8).</summary>
[SupportedOSPlatform("linux")]
internal static class IteratorAttacher
{
    public static BpfIteratorLink Attach(ProgramToAttach program, string target, IteratorOptions options)
    {
        using FileDescriptorHandle? cgroup = options.CgroupPath is string path ? CgroupDirectory.Open(program, target, path) : null;
        using var cgroupUse = new HandleUse(cgroup);
        using var mapUse = new HandleUse(options.Map?.Handle);

        // union bpf_iter_link_info, in the machine's byte order: the map; or order, cgroup and its id; or thread, process and pidfd.
        Span<byte> info = stackalloc byte[16];
        int length = 0;
        if (options.Map is not null)
        {
            length = Write(info, 0, mapUse.Unsigned);
        }
        else if (cgroup is not null)
        {
            Write(info, 0, (uint)options.CgroupOrder);
            Write(info, 4, cgroupUse.Unsigned);
            length = info.Length;
        }
        else if (options.ThreadId != 0 || options.ProcessId != 0)
        {
            Write(info, 0, (uint)options.ThreadId);
            Write(info, 4, (uint)options.ProcessId);
            length = info.Length;
        }

        var request = new LinkCreateRequest { Program = program.Handle, AttachType = BpfAttachType.TraceIter };
        FileDescriptorHandle? link = BpfSyscall.LinkCreateIterator(request, info[..length], out Errno errno);
        if (link is not null) return new BpfIteratorLink(link, target);
        string? hint = errno switch
        {
            Errno.EBADF => "This iterator goes over a map or a cgroup, which must be given.",
            Errno.EINVAL => "Either the program is no iterator, or the options are not those of this one; tasks and cgroups are chosen since Linux 6.1.",
            Errno.EACCES => "The program reads or writes more of a key or value than the map has.",
            Errno.ESRCH => "There is no such thread or process.",
            _ => null,
        };
        throw AttachFailure.Of(BpfCommand.LinkCreate, errno, program, target, hint, errno == Errno.EACCES ? BpfDiagnosticId.AttachFailed : null);
    }

    private static int Write(Span<byte> info, int offset, uint value)
    {
        if (BitConverter.IsLittleEndian) BinaryPrimitives.WriteUInt32LittleEndian(info[offset..], value);
        else BinaryPrimitives.WriteUInt32BigEndian(info[offset..], value);
        return offset + sizeof(uint);
    }
}
