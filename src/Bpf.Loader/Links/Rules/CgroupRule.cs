using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Links.Rules;

/// <summary>Cgroups of version 2. They are directories: inotify tells of them.</summary>
/// <param name="what">What they are.</param>
/// <param name="pattern">Which.</param>
/// <param name="condition">Which of these.</param>
[SupportedOSPlatform("linux")]
internal sealed class CgroupRule(string what, CgroupPattern pattern, Func<CgroupTarget, bool> condition) : TargetRule<CgroupTarget>(what)
{
    public override TargetWatch<CgroupTarget> Watch(Action changed)
    {
        CgroupMount mount = CgroupMount.Find()
            ?? throw new BpfException("open", Errno.ENOENT, ToString(), CgroupLookup.Where(), BpfDiagnosticId.NotACgroup);
        return new CgroupWatch(mount, pattern.Below(mount.Root), condition, changed);
    }

    private sealed class CgroupWatch : TargetWatch<CgroupTarget>
    {
        private readonly CgroupMount _mount;
        private readonly CgroupPattern _pattern;
        private readonly Func<CgroupTarget, bool> _condition;
        private readonly Difference<CgroupTarget> _difference;
        private readonly Lock _lock = new();
        private readonly FileSystemWatcher? _watcher;
        private bool _disposed;

        public CgroupWatch(CgroupMount mount, CgroupPattern pattern, Func<CgroupTarget, bool> condition, Action changed)
        {
            (_mount, _pattern, _condition) = (mount, pattern, condition);
            _difference = new Difference<CgroupTarget>(Find, changed);
            try
            {
                _watcher = Listen(mount.Point);
            }
            catch (Exception failure) when (failure is IOException or ArgumentException or UnauthorizedAccessException)
            {
                Silence = $"inotify cannot be had: {failure.Message}"; // the user's instances or watches are used up
            }
        }

        public override IReadOnlyCollection<CgroupTarget> Find()
        {
            var found = new List<CgroupTarget>();
            foreach (string directory in _pattern.Find(_mount.Point))
            {
                if (Read(directory) is { } target && _condition(target)) found.Add(target);
            }

            return found;
        }

        public override bool Exists(CgroupTarget target) => Read(target.Directory) is { } now && now == target && _condition(now);

        public override void Dispose()
        {
            _watcher?.Dispose();
            lock (_lock) _disposed = true;
        }

        private CgroupTarget? Read(string directory) =>
            CgroupHandle.IdOf(directory, out _) is ulong id ? new CgroupTarget(_mount.ToPath(directory), directory, id) : null;

        // All cgroups, and not those below one only: that one may go and come again, and nothing would tell of it any more.
        private FileSystemWatcher Listen(string directory)
        {
            var watcher = new FileSystemWatcher(directory) { NotifyFilter = NotifyFilters.DirectoryName, IncludeSubdirectories = true };
            watcher.Created += (_, _) => Look();
            watcher.Deleted += (_, _) => Look();
            watcher.Renamed += (_, _) => Look();
            watcher.Error += (_, _) => Look(); // some were lost
            watcher.EnableRaisingEvents = true;
            return watcher;
        }

        private void Look()
        {
            lock (_lock)
            {
                if (!_disposed) _difference.Look();
            }
        }
    }
}
