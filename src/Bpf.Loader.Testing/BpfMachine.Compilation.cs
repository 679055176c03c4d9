namespace Bpf.Loader.Testing;

public sealed partial class BpfMachine
{
    /// <summary>Whether programs are compiled; by default those that have run for a while. With coverage or a tracer all is interpreted.</summary>
    public BpfCompilation Compilation { get; set; }
}
