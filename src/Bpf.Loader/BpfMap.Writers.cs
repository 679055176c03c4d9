using Bpf.Loader.Diagnostics;

namespace Bpf.Loader;

public sealed partial class BpfMap
{
    /// <summary>Where it is told that a buffer was opened that no program writes to; null when one may, or when it was told.</summary>
    internal Findings? Unwritten { get; set; }

    /// <summary>Says that programs of another object have the map as well.</summary>
    internal void MayBeWritten() => Unwritten = null;

    // A map that was pinned since the load is for others to use.
    private T Judged<T>(T buffer)
    {
        Findings? findings = Unwritten;
        Unwritten = null;
        if (PinPath is null)
        {
            findings?.Report(
                BpfDiagnosticId.BufferWithoutWriter,
                $"The buffer '{Name}' was opened, and nothing will ever come out of it.",
                Name, cause: "No loaded program refers to it.", cure: "Load the program that writes to it (AutoLoad).");
        }

        return buffer;
    }
}
