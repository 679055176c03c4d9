using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Usdt;

namespace Bpf.Loader;

public sealed partial class BpfObject
{
    private UsdtSpecTable? _usdtSpecs;

    /// <summary>
    /// Attaches all programs to what their section names say, and registers all struct_ops maps. Programs whose sections do not say
    /// where to are passed over, with a warning for each; programs and maps whose <c>AutoAttach</c> is off are not looked at. That
    /// nothing at all was attached is a warning too.
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
        int found = Findings.All.Count;
        IReadOnlyCollection<string> except = options?.Except ?? [];
        try
        {
            foreach (BpfProgram program in Programs)
            {
                if (program.Definition is not { AutoAttach: true } || except.Contains(program.Name)) continue;
                try
                {
                    if (program.TryAttach() is BpfLink link) links.Add(new BpfAttachedProgram(program.Name, link));
                    else if (program.Type != BpfProgramType.StructOps) passedOver.Add(program);
                }
                catch (BpfLoaderException error) when (options?.ContinueOnError == true)
                {
                    failures.Add(new BpfAttachFailure(program.Name, error));
                }
            }

            foreach (BpfMap map in Maps)
            {
                if (map.Type != BpfMapType.StructOps || !File.Maps[map.Name].AutoAttach || except.Contains(map.Name)) continue;
                try
                {
                    links.Add(new BpfAttachedProgram(map.Name, AttachStructOps(map.Name)));
                }
                catch (BpfException error) when (options?.ContinueOnError == true)
                {
                    failures.Add(new BpfAttachFailure(map.Name, error));
                }
            }
        }
        catch
        {
            foreach (BpfAttachedProgram attached in links) attached.Link.Dispose();
            throw;
        }

        foreach (BpfProgram program in passedOver)
        {
            // Whoever is called by tail calls is not attached, and that is as it should be.
            bool isTail = File.Maps.Any(map => map.InitialSlots.Any(slot => slot.Program == program.Definition));
            Findings.Report(BpfDiagnosticId.ProgramPassedOver, PassedOver.Explain(program), program.Name, isTail ? BpfSeverity.Info : BpfSeverity.Warning, PassedOver.Cause(program), PassedOver.Cure(program));
        }

        if (links.Count == 0 && except.Count == 0) Findings.Report(BpfDiagnosticId.NothingAttached, PassedOver.ExplainNothing(this, passedOver.Count, failures.Count), cure: PassedOver.CureOfNothing(failures.Count));
        return new BpfLinkCollection(links, passedOver, failures, [.. Findings.All.Skip(found)]);
    }

    /// <summary>Registers the callbacks of a struct_ops map with the kernel, such as a TCP congestion control.</summary>
    /// <param name="map">The name of the map: that of the C variable.</param>
    /// <returns>The registration; disposing it ends it, when nobody uses the callbacks any more.</returns>
    /// <exception cref="BpfAttachException">The kernel has one of that name, wants other callbacks, or refused.</exception>
    /// <exception cref="KeyNotFoundException">The object has no such map.</exception>
    /// <exception cref="ArgumentException">The map is of another type.</exception>
    /// <remarks>Linux 5.6, by a link 6.4; CAP_BPF and CAP_PERFMON, for network structures CAP_NET_ADMIN.</remarks>
    public BpfLink AttachStructOps(string map)
    {
        BpfMap found = Maps[map];
        if (found.Type != BpfMapType.StructOps) throw new ArgumentException($"The map '{map}' is of type {found.Type}.", nameof(map));
        BpfLink link = StructOpsAttacher.Attach(found, GetStructOpsValue(map).Span);
        link.Watch(Findings, map);
        return link;
    }

    /// <summary>Puts the callbacks of a struct_ops map in the place of those that a link has registered, without a moment in which none are.</summary>
    /// <param name="link">The registration, by a link.</param>
    /// <param name="map">The name of the map, of the same kernel structure; what must not change, such as a name, is the same in both.</param>
    /// <exception cref="BpfException">The kernel refused; not every kind of callbacks can be replaced.</exception>
    /// <exception cref="BpfNotSupportedException">The registration has no link.</exception>
    /// <exception cref="KeyNotFoundException">The object has no such map.</exception>
    /// <exception cref="ArgumentException">The map is of another type.</exception>
    /// <remarks>Linux 6.4; CAP_BPF and CAP_PERFMON, for network structures CAP_NET_ADMIN.</remarks>
    public void UpdateStructOps(BpfLink link, string map)
    {
        ArgumentNullException.ThrowIfNull(link);
        BpfMap found = Maps[map];
        if (found.Type != BpfMapType.StructOps) throw new ArgumentException($"The map '{map}' is of type {found.Type}.", nameof(map));
        StructOpsAttacher.Prepare(found, GetStructOpsValue(map).Span);
        link.Update(found.Handle, null);
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
