using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Rules;

/// <summary>
/// Watches processes. The kernel tells of each that begins, executes a program and ends, in the initial namespaces of
/// users and processes, before 6.6 to those with CAP_NET_ADMIN; elsewhere /proc is read whole each time that somebody asks.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ProcessRuleWatch : TargetWatch<ProcessTarget>, INetlinkNews
{
    private readonly Func<ProcessTarget, bool> _condition;
    private readonly Action _changed;
    private readonly Lock _lock = new();
    private readonly Dictionary<int, ProcessTarget> _known = [];
    private readonly NetlinkListener? _listener;
    private bool _isOther;

    public ProcessRuleWatch(Func<ProcessTarget, bool> condition, Action changed)
    {
        (_condition, _changed) = (condition, changed);
        // First the listener, so that none is missed that begins while the others are counted.
        _listener = ProcessEvents.Listen(this, out string? refusal);
        Silence = refusal;
        if (_listener is null) return;
        lock (_lock) Scan();
    }

    public override IReadOnlyCollection<ProcessTarget> Find()
    {
        lock (_lock)
        {
            if (_listener is null) Scan();
            return [.. _known.Values];
        }
    }

    public override bool Exists(ProcessTarget target) => ProcessTarget.Read(target.Id) is { } now && now == target && _condition(now);

    public override void Dispose() => _listener?.Dispose();

    public void Take(ReadOnlySpan<byte> message)
    {
        if (!ProcessEvents.TryRead(message, out int process, out bool isEnd)) return;
        lock (_lock) Look(process, isEnd);
    }

    public void Rest(bool isLost)
    {
        lock (_lock)
        {
            if (isLost) Scan();
            if (!_isOther) return;
            _isOther = false;
        }

        _changed();
    }

    private void Look(int process, bool isEnd)
    {
        ProcessTarget? now = isEnd ? null : ProcessTarget.Read(process);
        if (now is null || !_condition(now))
        {
            _isOther |= _known.Remove(process);
            return;
        }

        _isOther |= !_known.TryGetValue(process, out ProcessTarget? before) || before != now;
        _known[process] = now;
    }

    private void Scan()
    {
        var gone = new HashSet<int>(_known.Keys);
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int process)) continue;
            gone.Remove(process);
            Look(process, isEnd: false);
        }

        foreach (int process in gone) Look(process, isEnd: true);
    }
}
