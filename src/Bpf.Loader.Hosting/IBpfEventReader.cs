namespace Bpf.Loader.Hosting;

/// <summary>A reader of events, as the metrics see it.</summary>
internal interface IBpfEventReader
{
    string Map { get; }

    /// <summary>Events that were handed over.</summary>
    long Handled { get; }

    /// <summary>Events that the kernel reports as lost; null for ring buffers, of which it does not know.</summary>
    long? Lost { get; }
}
