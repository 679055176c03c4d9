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
    /// <exception cref="BpfNotSupportedException">
    /// The kernel has no counters although the probe has a semaphore, or no cookies and the options name no process.
    /// </exception>
    /// <remarks>
    /// Linux 4.3; by one link for all places since 6.6; CAP_PERFMON. Kernels before 5.15 have no cookies: there the programs find their
    /// arguments by address, so that probes of libraries and position-independent programs need <see cref="UsdtOptions.ProcessId"/>,
    /// and only one program of an object can be at a place. Arguments are read on x86-64, arm64, RISC-V and s390; one in a place that
    /// cannot be read, such as a vector register or the memory of a thread, fails in the program (<c>bpf_usdt_arg</c> gives EINVAL), and
    /// is a warning of the object.
    /// </remarks>
    public BpfLink AttachUsdt(string binary, string provider, string name, UsdtOptions? options = null) => Watch(UsdtAttacher.Attach(
        this, Owner is null ? UsdtSpecTable.Of(this) : Owner.GetUsdtSpecs(this), binary, provider, name, options ?? new UsdtOptions()));
}
