namespace Bpf.Loader.Links;

/// <summary>Which ways onto a perf event a mode allows.</summary>
internal static class PerfAttachWays
{
    public static PerfAttachWay Of(ProbeMode mode) => mode switch
    {
        ProbeMode.Link => PerfAttachWay.Link,
        ProbeMode.PerfEvent => PerfAttachWay.IoControl,
        _ => PerfAttachWay.Any,
    };
}
