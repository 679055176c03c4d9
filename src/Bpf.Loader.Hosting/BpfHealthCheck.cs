using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Links.Info;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Bpf.Loader.Hosting;

/// <summary>Looks whether the host's objects are loaded, their programs attached and their events read in time.</summary>
[SupportedOSPlatform("linux")]
internal sealed class BpfHealthCheck(IReadOnlyList<BpfSession> sessions) : IHealthCheck
{
    private readonly ConcurrentDictionary<(BpfSession, string), long> _drops = new();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var wrong = new List<string>();
        var dropping = new List<string>();
        var data = new Dictionary<string, object>();
        foreach (BpfSession session in sessions) Check(session, wrong, dropping, data);

        HealthCheckResult result = (wrong.Count, dropping.Count) switch
        {
            ( > 0, _) => new HealthCheckResult(context.Registration.FailureStatus, string.Join("; ", wrong.Concat(dropping)), data: data),
            (_, > 0) => HealthCheckResult.Degraded(string.Join("; ", dropping), data: data),
            _ => HealthCheckResult.Healthy(data: data),
        };
        return Task.FromResult(result);
    }

    /// <summary>Why a link is dead; null when it is not.</summary>
    internal static string? Death(BpfLink link)
    {
        if (link.IsDisposed) return "it was detached";
        try
        {
            if (link is BpfTcLink filter) return filter.QueryProgramId() == 0 ? "its filter is gone" : null;
            if (!link.IsKernelLink) return null;
            return link.GetInfo() switch
            {
                DeviceLinkInfo { InterfaceIndex: 0 } => "its network device is gone",
                CgroupLinkInfo { CgroupId: 0 } => "its cgroup is gone",
                NetnsLinkInfo { Inode: 0 } => "its network namespace is gone",
                _ => null,
            };
        }
        catch (BpfException error)
        {
            return error.Finding.ToLine();
        }
        catch (ObjectDisposedException)
        {
            return "it was detached";
        }
    }

    private void Check(BpfSession session, List<string> wrong, List<string> dropping, Dictionary<string, object> data)
    {
        if (session.Loaded is not { } loaded)
        {
            wrong.Add($"{session.Name} is not loaded");
            return;
        }

        data[loaded.Name + ".programs"] = loaded.Programs.Count;
        if (session.Options.AutoAttach) CheckLinks(session, loaded, wrong, data);
        foreach (DropCount drop in session.Drops())
        {
            long before = _drops.GetValueOrDefault((session, drop.Map));
            _drops[(session, drop.Map)] = drop.Count;
            data[$"{loaded.Name}.{drop.Map}.dropped"] = drop.Count;
            if (drop.Count > before) dropping.Add($"{drop.Map} dropped {drop.Count - before} events");
        }
    }

    private static void CheckLinks(BpfSession session, BpfObject loaded, List<string> wrong, Dictionary<string, object> data)
    {
        if (session.Links is not { } links)
        {
            wrong.Add($"{loaded.Name} is not attached");
            return;
        }

        data[loaded.Name + ".links"] = links.Count;
        foreach (BpfAttachFailure failure in links.Failures) wrong.Add($"{failure.Name} is not attached: {(failure.Error is BpfLoaderException refusal ? refusal.Finding.ToLine() : failure.Error.Message)}");
        foreach (BpfAttachedProgram attached in links)
        {
            if (Death(attached.Link) is { } death) wrong.Add($"{attached.Name} is not attached any more: {death}");
        }
    }
}
