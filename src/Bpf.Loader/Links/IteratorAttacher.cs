using System;
using System.Buffers.Binary;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel.Abilities;
using Bpf.Loader.Links.Info;

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
        string? chosen = options.Map is not null ? "map" : cgroup is not null ? "cgroup" : length > 0 ? "task" : null;
        if (link is not null)
        {
            var attached = new BpfIteratorLink(link, target);
            if (chosen != "task" || IsOfTasks(attached)) return attached;

            // Kernels before 6.1 refuse the number of a process as too long, but do not look at that of a thread, and would go over all.
            attached.Dispose();
            errno = Errno.E2BIG;
        }

        if (chosen is not null && HookAbilities.FindLackOfIterator(chosen, errno) is KernelLack lack) throw AttachFailure.OfLack(lack, BpfCommand.LinkCreate.ToUapiName(), errno, program, target);
        string? hint = errno switch
        {
            Errno.EBADF => "This iterator goes over a map or a cgroup, which must be given.",
            Errno.EINVAL => "Either the program is no iterator, or the options are not those of this one: a map, a cgroup or a thread is for the iterators over such.",
            Errno.EACCES => "The program reads or writes more of a key or value than the map has.",
            Errno.ESRCH => "There is no such thread or process.",
            _ => null,
        };
        throw AttachFailure.Of(BpfCommand.LinkCreate, errno, program, target, hint, errno == Errno.EACCES ? BpfDiagnosticId.AttachFailed : null);
    }

    // The kernel tells the thread or process that it goes over.
    private static bool IsOfTasks(BpfIteratorLink link)
    {
        try
        {
            return link.GetInfo() is IteratorLinkInfo { ThreadId: > 0 } or IteratorLinkInfo { ProcessId: > 0 };
        }
        catch
        {
            link.Dispose();
            throw;
        }
    }

    private static int Write(Span<byte> info, int offset, uint value)
    {
        if (BitConverter.IsLittleEndian) BinaryPrimitives.WriteUInt32LittleEndian(info[offset..], value);
        else BinaryPrimitives.WriteUInt32BigEndian(info[offset..], value);
        return offset + sizeof(uint);
    }
}
