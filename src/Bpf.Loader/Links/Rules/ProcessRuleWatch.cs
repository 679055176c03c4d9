using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
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
    private readonly HashSet<int> _ending = []; // whose first thread has ended, and others have not: of those nobody tells the end
    private readonly NetlinkListener? _listener;
    private bool _isOther;
    private bool _isUnsure = true; // all are to be looked at, when somebody asks
    private bool _isUnsureTold;

    public ProcessRuleWatch(Func<ProcessTarget, bool> condition, Action changed)
    {
        (_condition, _changed) = (condition, changed);
        _listener = ProcessEvents.Listen(this, out string? refusal);
        Silence = refusal;
    }

    public override IReadOnlyCollection<ProcessTarget> Find()
    {
        lock (_lock)
        {
            if (_listener is null || _isUnsure) Scan();
            foreach (int process in _ending.ToArray()) Look(process);
            return [.. _known.Values];
        }
    }

    public override bool Exists(ProcessTarget target) => ProcessTarget.Read(target.Id) is { } now && now == target && _condition(now);

    public override void Dispose() => _listener?.Dispose();

    public void Take(ReadOnlySpan<byte> message)
    {
        if (!ProcessEvents.TryRead(message, out int process, out bool isEnd)) return;
        lock (_lock)
        {
            if (_isUnsure)
            {
                (_isOther, _isUnsureTold) = (_isOther || !_isUnsureTold, true);
                return;
            }

            try
            {
                if (!isEnd) Look(process);
                else if (!_known.ContainsKey(process) || !ProcessTarget.HasOtherThreads(process)) Forget(process);
                else _ending.Add(process);
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // The condition's: here, on a thread of the watch, nobody could be told. Who asks looks at all of them, and is.
                _isUnsure = _isOther = true;
            }
        }
    }

    public void Rest(bool isLost)
    {
        lock (_lock)
        {
            if (isLost) _isUnsure = _isOther = true;
            if (!_isOther) return;
            _isOther = false;
        }

        _changed();
    }

    private void Look(int process)
    {
        ProcessTarget? now = ProcessTarget.Read(process);
        if (now is null || !_condition(now))
        {
            Forget(process);
            return;
        }

        _isOther |= !_known.TryGetValue(process, out ProcessTarget? before) || before != now;
        _known[process] = now;
    }

    private void Forget(int process)
    {
        _isOther |= _known.Remove(process);
        _ending.Remove(process);
    }

    private void Scan()
    {
        var gone = new HashSet<int>(_known.Keys);
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int process)) continue;
            gone.Remove(process);
            Look(process);
        }

        foreach (int process in gone) Forget(process);
        _isUnsure = _isUnsureTold = false;
    }
}
