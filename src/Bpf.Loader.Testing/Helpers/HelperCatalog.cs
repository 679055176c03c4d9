namespace Bpf.Loader.Testing.Helpers;

/// <summary>The helpers that every machine has.</summary>
internal static class HelperCatalog
{
    /// <summary>Adds all families.</summary>
    public static void AddTo(BpfHelperTable helpers)
    {
        MapHelpers.AddTo(helpers);
        QueueHelpers.AddTo(helpers);
        TimeHelpers.AddTo(helpers);
        TaskHelpers.AddTo(helpers);
        ProbeHelpers.AddTo(helpers);
        PrintHelpers.AddTo(helpers);
        RingBufferHelpers.AddTo(helpers);
        PerfHelpers.AddTo(helpers);
        LoopHelpers.AddTo(helpers);
        StringHelpers.AddTo(helpers);
        StorageHelpers.AddTo(helpers);
        LockHelpers.AddTo(helpers);
        TracingHelpers.AddTo(helpers);
        XdpHelpers.AddTo(helpers);
        SkBuffHelpers.AddTo(helpers);
        ChecksumHelpers.AddTo(helpers);
        RedirectHelpers.AddTo(helpers);
        SocketHelpers.AddTo(helpers);
        RouteHelpers.AddTo(helpers);
        DynamicPointerHelpers.AddTo(helpers);
        SequenceHelpers.AddTo(helpers);
        CgroupHelpers.AddTo(helpers);
    }
}
