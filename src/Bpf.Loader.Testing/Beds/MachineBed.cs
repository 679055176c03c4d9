namespace Bpf.Loader.Testing.Beds;

/// <summary>The machine.</summary>
internal sealed class MachineBed(BpfMachine machine) : BpfTestBed
{
    public override BpfMachine? Machine => machine;

    public override BpfTestObject Load(BpfObjectFile file) => new MachineTestObject(machine.Load(file));

    /// <summary>How it is named in a test's name.</summary>
    public override string ToString() => "machine";
}
