using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Netfilter hooks of the calling thread's network namespace (6.4).</summary>
[SupportedOSPlatform("linux")]
internal static class NetfilterAttacher
{
    private const uint DefragmentFlag = 1; // BPF_F_NETFILTER_IP_DEFRAG

    public static BpfLink Attach(ProgramToAttach program, NetfilterFamily family, NetfilterHook hook, NetfilterOptions options)
    {
        string target = string.Create(CultureInfo.InvariantCulture, $"netfilter {family} {hook} at priority {options.Priority}");
        var request = new LinkCreateRequest { Program = program.Handle, AttachType = BpfAttachType.Netfilter };
        FileDescriptorHandle? link = BpfSyscall.LinkCreateNetfilter(
            request, (uint)family, (uint)hook, options.Priority, options.Defragment ? DefragmentFlag : 0, out Errno errno);
        if (link is not null) return new KernelLink(link, target);
        string? hint = errno switch
        {
            Errno.EBUSY or Errno.EEXIST => "Another program is there at the same priority; choose another one.",
            Errno.ERANGE => "The smallest and the greatest priority are the kernel's own.",
            Errno.EAFNOSUPPORT => "Only the hooks of IPv4 and IPv6 take programs.",
            Errno.EINVAL => "The program must be of type Netfilter; to defragment needs Linux 6.6 and a priority above -400.",
            Errno.EOPNOTSUPP => "The kernel cannot defragment (CONFIG_NF_DEFRAG_IPV4, CONFIG_NF_DEFRAG_IPV6).",
            _ => null,
        };
        throw AttachFailure.Of(
            BpfCommand.LinkCreate, errno, program, target, hint, errno is Errno.EBUSY or Errno.EEXIST ? BpfDiagnosticId.AlreadyAttached : null, BpfAttachType.Netfilter);
    }
}
