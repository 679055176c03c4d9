namespace Bpf.Loader.Testing;

public sealed partial class BpfMachine
{
    /// <summary>
    /// Counts which lines and branches of the programs run; null, the default, to count nothing, unless the environment
    /// variable <c>BPF_COVERAGE</c> asks for it. Set before objects are loaded.
    /// </summary>
    public BpfCoverage? Coverage { get; set; } = BpfCoverage.OfEnvironment;

    /// <summary>Is told each instruction before it runs; null, the default, for nobody.</summary>
    public BpfStepHandler? Tracer { get; set; }
}
