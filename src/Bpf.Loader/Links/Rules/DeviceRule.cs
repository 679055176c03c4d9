using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Rules;

/// <summary>Network devices. The kernel tells of each change over netlink (RTNLGRP_LINK); what they are is asked anew each time.</summary>
/// <param name="what">What they are.</param>
/// <param name="condition">Which.</param>
[SupportedOSPlatform("linux")]
internal sealed class DeviceRule(string what, Func<DeviceTarget, bool> condition) : TargetRule<DeviceTarget>(what)
{
    private const uint LinkGroup = 1; // RTMGRP_LINK

    public override TargetWatch<DeviceTarget> Watch(Action changed) => new DeviceWatch(condition, changed);

    private sealed class DeviceWatch : TargetWatch<DeviceTarget>
    {
        private readonly Func<DeviceTarget, bool> _condition;
        // Of the network namespace in which the watch begins, whatever threads ask later.
        private readonly NetlinkSocket _network = NetlinkSocket.Open(NetlinkSocket.Route);
        private readonly NetlinkListener? _listener;

        public DeviceWatch(Func<DeviceTarget, bool> condition, Action changed)
        {
            _condition = condition;
            var difference = new Difference<DeviceTarget>(Find, changed);
            _listener = NetlinkListener.Start(NetlinkSocket.Route, LinkGroup, new DeviceNews(difference), out string? silence);
            Silence = silence;
        }

        public override IReadOnlyCollection<DeviceTarget> Find()
        {
            var found = new List<DeviceTarget>();
            foreach (NetworkDevice device in All())
            {
                var target = new DeviceTarget(device);
                if (_condition(target)) found.Add(target);
            }

            return found;
        }

        public override bool Exists(DeviceTarget target)
        {
            foreach (NetworkDevice device in All())
            {
                if (device.Index == target.Index) return new DeviceTarget(device) is var now && now == target && _condition(now);
            }

            return false;
        }

        public override void Dispose()
        {
            _listener?.Dispose();
            lock (_network) _network.Dispose();
        }

        private List<NetworkDevice> All()
        {
            lock (_network) return NetworkDevices.All(_network);
        }
    }

    // Whatever came, or was lost: the devices are asked for when no more is waiting.
    private sealed class DeviceNews(Difference<DeviceTarget> difference) : INetlinkNews
    {
        public void Take(ReadOnlySpan<byte> message)
        {
        }

        public void Rest(bool isLost) => difference.Look();
    }
}
