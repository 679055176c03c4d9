using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Structures of callbacks that the kernel calls (5.6): registered by filling their map, and since 6.4 by a link.</summary>
[SupportedOSPlatform("linux")]
internal static class StructOpsAttacher
{
    /// <summary>Registers the callbacks.</summary>
    /// <param name="map">The map.</param>
    /// <param name="value">Its value, in which the callbacks are descriptors of programs.</param>
    public static BpfLink Attach(BpfMap map, ReadOnlySpan<byte> value)
    {
        string target = $"struct_ops {map.Name}";
        if (!HasLink(map))
        {
            FileDescriptorHandle own = map.Handle.Duplicate(); // what can fail comes first
            try
            {
                Prepare(map, value);
                return new StructOpsLink(own, target);
            }
            catch
            {
                own.Dispose();
                throw;
            }
        }

        Prepare(map, value);

        var request = new LinkCreateRequest { Program = map.Handle, AttachType = BpfAttachType.StructOps };
        FileDescriptorHandle? link = BpfSyscall.LinkCreate(request, out Errno errno);
        return link is not null ? new KernelLink(link, target) : throw Explain(BpfCommand.LinkCreate, errno, map, target);
    }

    /// <summary>Gives a map its value; of one without a link, that registers the callbacks.</summary>
    public static void Prepare(BpfMap map, ReadOnlySpan<byte> value)
    {
        uint key = 0;
        ref readonly byte keyByte = ref MemoryMarshal.AsBytes(new Span<uint>(ref key))[0];
        Errno errno = BpfSyscall.MapUpdate(map.Handle, in keyByte, in value[0], 0);
        // EBUSY: a map that is held by a link keeps its value, and may be linked again.
        if (errno != Errno.None && !(HasLink(map) && errno == Errno.EBUSY)) throw Explain(BpfCommand.MapUpdateElement, errno, map, $"struct_ops {map.Name}");
    }

    private static bool HasLink(BpfMap map) => (map.Flags & BpfMapFlags.Link) != 0;

    private static BpfAttachException Explain(BpfCommand command, Errno errno, BpfMap map, string target)
    {
        string? hint = errno switch
        {
            Errno.EEXIST => "The kernel has one of that name already.",
            Errno.EBUSY => "It is registered already.",
            Errno.EINVAL => "The kernel wants callbacks that are not there, or a member has a value that it does not take.",
            Errno.EPERM => Refusal.OfProgram(command, BpfProgramType.StructOps, errno, null).Hint,
            _ => null,
        };
        BpfDiagnosticId id = errno switch
        {
            Errno.EEXIST or Errno.EBUSY => BpfDiagnosticId.AlreadyAttached,
            Errno.EPERM => BpfDiagnosticId.AttachNotPermitted,
            _ => BpfDiagnosticId.AttachFailed,
        };
        return new BpfAttachException(
            id, target, $"The map '{map.Name}' cannot be registered: {command.ToUapiName()} failed with {BpfException.Describe(errno)}.",
            errno, command.ToUapiName(), hint);
    }
}
