using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Usdt;

/// <summary>A program at all places of a USDT probe: by one link (6.6), or by one for each place.</summary>
[SupportedOSPlatform("linux")]
internal sealed class UsdtLink(
    FileDescriptorHandle? handle, IReadOnlyList<BpfLink> sites, UsdtDescriptions descriptions, string target)
    : BpfLink(handle, target)
{
    internal override void TellTo(Findings findings, string program)
    {
        base.TellTo(findings, program);
        foreach (BpfLink site in sites) site.TellTo(findings, program);
    }

    private protected override void Release(bool detach)
    {
        foreach (BpfLink site in sites)
        {
            if (!detach) site.Disconnect();
            site.Dispose();
        }

        if (!detach) return;
        // While the program may run, its descriptions must stay what they are.
        Handle?.Dispose();
        descriptions.Release();
    }
}
