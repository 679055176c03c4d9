using Bpf.Samples.Interop;

namespace Bpf.Samples;

/// <summary>
/// The probes of <c>libdotnet-usdt.so</c>. Where nobody listens, a probe costs a load and a comparison: the kernel counts the
/// listeners in a variable of the library, and the code here reads it. Without the library nothing listens, ever.
/// </summary>
internal static class Probes
{
    /// <summary>Whether the library was found.</summary>
    public static bool AreThere => ProbeLibrary.IsLoaded;

    /// <summary>Whether anybody listens to <see cref="Begin"/>.</summary>
    public static bool IsBeginTraced => ProbeLibrary.BeginListeners.Count != 0;

    /// <summary>Whether anybody listens to <see cref="End"/>.</summary>
    public static bool IsEndTraced => ProbeLibrary.EndListeners.Count != 0;

    /// <summary><c>dotnet:begin(id, name)</c>: something begins.</summary>
    public static void Begin(long id, string name)
    {
        if (IsBeginTraced)
            ProbeLibrary.Begin(id, name);
    }

    /// <summary><c>dotnet:end(id, name, nanoseconds)</c>: it has ended.</summary>
    public static void End(long id, string name, TimeSpan duration)
    {
        if (IsEndTraced)
            ProbeLibrary.End(id, name, (long)duration.TotalNanoseconds);
    }
}
