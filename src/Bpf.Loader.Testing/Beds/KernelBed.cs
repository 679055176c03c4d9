using System;

namespace Bpf.Loader.Testing.Beds;

/// <summary>The kernel that runs.</summary>
internal sealed class KernelBed : BpfTestBed
{
    public override BpfMachine? Machine => null;

    public override BpfTestObject Load(BpfObjectFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!OperatingSystem.IsLinux()) throw new BpfUnavailableException("The kernel is asked on Linux only.");
        try
        {
            return new KernelTestObject(file.Load());
        }
        catch (BpfException e) when (Unavailability.IsMeant(e))
        {
            throw Unavailability.Of(e);
        }
    }

    /// <summary>How it is named in a test's name.</summary>
    public override string ToString() => "kernel";
}
