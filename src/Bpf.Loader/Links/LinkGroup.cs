using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Diagnostics;

namespace Bpf.Loader.Links;

/// <summary>Several attachments of a program that are one for the caller.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LinkGroup(IReadOnlyList<BpfLink> links, string target) : BpfLink(null, target)
{
    public override void Detach()
    {
        foreach (BpfLink link in links) link.Dispose();
    }

    internal override void TellTo(Findings findings, string program)
    {
        base.TellTo(findings, program);
        foreach (BpfLink link in links) link.TellTo(findings, program);
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
