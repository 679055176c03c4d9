namespace Bpf.Loader.Testing;

/// <summary>Is told an instruction that is about to run.</summary>
public delegate void BpfStepHandler(BpfStep step);
