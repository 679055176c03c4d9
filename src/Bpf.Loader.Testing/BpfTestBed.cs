using System;

namespace Bpf.Loader.Testing;

/// <summary>Where programs run in a test; see <see cref="On"/>.</summary>
public abstract class BpfTestBed
{
    private protected BpfTestBed()
    {
    }

    /// <summary>The machine, to set up its time, task and kernel objects; null on the kernel.</summary>
    public abstract BpfMachine? Machine { get; }

    /// <summary>True on the kernel.</summary>
    public bool IsKernel => Machine is null;

    /// <summary>Loads an object.</summary>
    /// <param name="file">The object.</param>
    /// <exception cref="BpfUnavailableException">The kernel lacks something, or the process the right to load.</exception>
    /// <exception cref="BpfLoaderException">The object is malformed, or the verifier refuses a program.</exception>
    public abstract BpfTestObject Load(BpfObjectFile file);

    /// <summary>Loads the object of a generated class.</summary>
    /// <typeparam name="TSkeleton">The class.</typeparam>
    /// <param name="configure">Changes it before: constants, sizes of maps.</param>
    /// <inheritdoc cref="Load(BpfObjectFile)"/>
    public BpfTestObject Load<TSkeleton>(Action<BpfObjectFile>? configure = null)
        where TSkeleton : IBpfSkeleton<TSkeleton>
    {
        BpfObjectFile file = TSkeleton.OpenFile();
        configure?.Invoke(file);
        return Load(file);
    }
}
