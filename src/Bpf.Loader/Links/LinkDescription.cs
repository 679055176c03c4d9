using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Info;
using Bpf.Loader.Links.Network;

namespace Bpf.Loader.Links;

/// <summary>Describes a link that was not attached here by what the kernel tells of it.</summary>
[SupportedOSPlatform("linux")]
internal static class LinkDescription
{
    public static string Of(FileDescriptorHandle handle)
    {
        try
        {
            BpfLinkInfo info = LinkInfoReader.Read(handle, "a link");
            string where = info switch
            {
                DeviceLinkInfo { InterfaceIndex: not 0 and var index } => " of " + NetworkInterface.Of((int)index).Name,
                CgroupLinkInfo { CgroupId: not 0 and var cgroup } => $" of cgroup {cgroup}",
                _ => "",
            };
            return $"{info.Type}{where} (link {info.Id})";
        }
        catch (BpfException)
        {
            return "a link";
        }
    }
}
