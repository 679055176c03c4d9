using Bpf.Loader.Links;
using Bpf.Loader.Links.Usdt;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches to a USDT probe of a program or library, at all its places.</summary>
    /// <param name="binary">A path, or a name that is looked for.</param>
    /// <param name="provider">The provider, such as <c>python</c>.</param>
    /// <param name="name">The probe, such as <c>function__entry</c>.</param>
    /// <param name="options">Process and cookie; none is all processes.</param>
    /// <exception cref="BpfAttachException">
    /// There is no such binary or probe (the message names close ones), the object was not compiled with usdt.bpf.h, or the kernel refused.
    /// </exception>
    /// <exception cref="BpfFormatException">The probe's notes are damaged.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no cookies, or no counters although the probe has a semaphore.</exception>
    /// <remarks>Linux 5.15; by one link for all places since 6.6; CAP_PERFMON. Arguments are read on x86-64 and arm64.</remarks>
    public BpfLink AttachUsdt(string binary, string provider, string name, UsdtOptions? options = null) => UsdtAttacher.Attach(
        this, Owner is null ? UsdtSpecTable.Of(this) : Owner.GetUsdtSpecs(this), binary, provider, name, options ?? new UsdtOptions());
}
