using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using System.Threading;
using System.Threading.Tasks;
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
        var lacking = new List<string>();
        var data = new Dictionary<string, object>();
        foreach (BpfSession session in sessions) Check(session, wrong, lacking, data);

        HealthCheckResult result = (wrong.Count, lacking.Count) switch
        {
            ( > 0, _) => new HealthCheckResult(context.Registration.FailureStatus, string.Join("; ", wrong.Concat(lacking)), data: data),
            (_, > 0) => HealthCheckResult.Degraded(string.Join("; ", lacking), data: data),
            _ => HealthCheckResult.Healthy(data: data),
        };
        return Task.FromResult(result);
    }

    private void Check(BpfSession session, List<string> wrong, List<string> lacking, Dictionary<string, object> data)
    {
        if (session.Loaded is not { } loaded)
        {
            wrong.Add($"{session.Name} is not loaded");
            return;
        }

        data[loaded.Name + ".programs"] = loaded.Programs.Count;
        CheckLinks(session, loaded, wrong, lacking, data);
        foreach (DropCount drop in session.Drops())
        {
            long before = _drops.GetValueOrDefault((session, drop.Map));
            _drops[(session, drop.Map)] = drop.Count;
            data[$"{loaded.Name}.{drop.Map}.dropped"] = drop.Count;
            if (drop.Count > before) lacking.Add($"{drop.Map} dropped {drop.Count - before} events");
        }
    }

    private static void CheckLinks(BpfSession session, BpfObject loaded, List<string> wrong, List<string> lacking, Dictionary<string, object> data)
    {
        if (session.Links is not { } links)
        {
            if (session.Options.AutoAttach || session.Options.AttachRules.Count > 0 || session.Options.AttachEachRules.Count > 0) wrong.Add($"{loaded.Name} is not attached");
            return;
        }

        data[loaded.Name + ".links"] = links.Count;
        foreach ((string name, LinkDeath? death, Exception? refusal, string? lostPin) in links.Look())
        {
            if (lostPin is not null) lacking.Add($"{name} will be detached at the stop: its pin {lostPin} is gone");
            if (death is { } gone) wrong.Add($"{name} is not attached any more: {gone.Reason}");
            else if (refusal is not null) lacking.Add($"{name} is not attached: {(refusal is BpfLoaderException told ? told.Finding.ToLine() : refusal.Message)}");
        }

        foreach (string program in links.PassedOver) lacking.Add($"{program} was passed over, and is attached to nothing");
    }
}
