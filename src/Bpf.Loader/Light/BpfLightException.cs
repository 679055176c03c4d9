namespace Bpf.Loader.Light;

/// <summary>An object has something that cannot be loaded by a program in the kernel.</summary>
public sealed class BpfLightException : BpfLoaderException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="what">What the object has.</param>
    /// <param name="cause">Why that cannot be, or null.</param>
    /// <param name="cure">What to do about it.</param>
    internal BpfLightException(string what, string? cause, string cure)
        : base(new BpfFinding { Id = BpfDiagnosticId.NotLight, What = what, Cause = cause, Cure = cure })
    {
    }
}
