using System;
using System.Collections.Generic;
using System.Threading;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Usdt;

namespace Bpf.Loader;

public sealed partial class BpfObject
{
    private UsdtSpecTable? _usdtSpecs;

    /// <summary>
    /// Attaches all programs to what their section names say. Programs whose sections do not say it, or whose
    /// <see cref="Objects.BpfProgramDefinition.AutoAttach"/> is off, are passed over.
    /// </summary>
    /// <param name="options">Whether a refusal ends it; none is that it does, and what was attached is detached again.</param>
    /// <returns>The attachments; disposing them detaches.</returns>
    /// <exception cref="BpfAttachException">A program could not be attached.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel lacks what a hook needs.</exception>
    public BpfLinkCollection AttachAll(BpfAttachAllOptions? options = null)
    {
        var links = new List<BpfAttachedProgram>();
        var passedOver = new List<BpfProgram>();
        var failures = new List<BpfAttachFailure>();
        try
        {
            foreach (BpfProgram program in Programs)
            {
                if (program.Definition is not { AutoAttach: true }) continue;
                try
                {
                    if (AutoAttacher.TryAttach(program) is BpfLink link) links.Add(new BpfAttachedProgram(program.Name, link));
                    else passedOver.Add(program);
                }
                catch (Exception error) when (options?.ContinueOnError == true && error is BpfException or BpfFormatException)
                {
                    failures.Add(new BpfAttachFailure(program, error));
                }
            }
        }
        catch
        {
            foreach (BpfAttachedProgram attached in links) attached.Link.Dispose();
            throw;
        }

        return new BpfLinkCollection(links, passedOver, failures);
    }

    /// <summary>Where the arguments of the object's USDT probes are kept.</summary>
    internal UsdtSpecTable GetUsdtSpecs(BpfProgram program)
    {
        UsdtSpecTable? known = Volatile.Read(ref _usdtSpecs);
        if (known is not null) return known;
        UsdtSpecTable made = UsdtSpecTable.Of(program);
        return Interlocked.CompareExchange(ref _usdtSpecs, made, null) ?? made;
    }
}
