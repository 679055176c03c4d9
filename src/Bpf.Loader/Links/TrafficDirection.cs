namespace Bpf.Loader.Links;

/// <summary>Which packets of a network device.</summary>
public enum TrafficDirection
{
    /// <summary>Those that come in.</summary>
    Ingress,

    /// <summary>Those that go out.</summary>
    Egress,
}
