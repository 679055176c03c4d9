using System.Collections.Generic;
using System.Runtime.Versioning;

namespace Bpf.Loader.Links;

/// <summary>Several attachments of a program that are one for the caller.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinkGroup(IReadOnlyList<BpfLink> links, string target) : BpfLink(null, target)
{
    public override void Detach()
    {
        foreach (BpfLink link in links) link.Dispose();
    }

    private protected override void Release(bool detach)
    {
        foreach (BpfLink link in links)
        {
            if (!detach) link.Disconnect();
            link.Dispose();
        }
    }
}
