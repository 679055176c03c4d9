using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Links.Info;
using Bpf.Loader.Links.Rules;

namespace Bpf.Loader.Hosting;

/// <inheritdoc cref="TargetLinks"/>
[SupportedOSPlatform("linux")]
internal sealed class TargetLinks<TTarget> : TargetLinks
    where TTarget : notnull
{
    private readonly HostLinks _links;
    private readonly BpfProgram _program;
    private readonly Func<BpfProgram, TTarget, BpfLink?> _attach;
    private readonly TargetWatch<TTarget> _watch;
    private readonly Dictionary<TTarget, HostLink> _attached = [];

    public TargetLinks(
        HostLinks links, string name, BpfProgram program, TargetRule<TTarget> targets, Func<BpfProgram, TTarget, BpfLink?> attach, Action changed)
        : base(changed)
    {
        (_links, _program, _attach) = (links, program, attach);
        Name = name;
        Targets = targets.ToString();
        _watch = targets.Watch(Note);
    }

    public override string Name { get; }

    public override string Targets { get; }

    public override string? Silence => _watch.Silence;

    public override void Follow()
    {
        IReadOnlyCollection<TTarget> found = _watch.Find();
        // First those that are gone: one that came back in their place may have their name.
        foreach (TTarget target in _attached.Keys.Except(found).ToArray())
        {
            _links.Drop(_attached[target]);
            _attached.Remove(target);
        }

        foreach (TTarget target in found)
        {
            if (_attached.ContainsKey(target)) continue;
            HostLink link = _links.Add($"{Name}@{target}", _program, program => _attach(program, target), () => _watch.Exists(target), info => IsTo(info, target));
            _attached.Add(target, link);
            _links.AttachTarget(link);
        }
    }

    public override void Dispose() => _watch.Dispose();

    private static bool IsTo(BpfLinkInfo link, TTarget target) => (link, target) switch
    {
        (DeviceLinkInfo { InterfaceIndex: > 0 and var index }, DeviceTarget device) => index == device.Index,
        (CgroupLinkInfo { CgroupId: > 0 and var id }, CgroupTarget cgroup) => id == cgroup.Id,
        _ => true,
    };
}
