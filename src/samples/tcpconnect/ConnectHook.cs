using Bpf.Loader.Objects;

namespace Bpf.Samples;

/// <summary>
/// The hooks for one and the same event. What a kernel is built with says little about what it permits, in a container or under
/// lockdown: so each is tried, the best first.
/// </summary>
internal static class ConnectHook
{
    /// <summary>Their names, the best first.</summary>
    public static string[] Names { get; } = ["fentry", "kprobe", "tracepoint"];

    /// <summary>The first that the kernel takes; the last, if it takes none, so that the refusal is told where it is used.</summary>
    public static string FindBest() => Names.FirstOrDefault(IsTaken) ?? Names[^1];

    /// <summary>Lets the program of one hook be loaded, and no other.</summary>
    public static void Select(BpfObjectFile file, string name)
    {
        foreach (BpfProgramDefinition program in file.Programs)
            program.AutoLoad = program.Name == $"connect_{name}";
    }

    private static bool IsTaken(string name)
    {
        Tcpconnect.Description attempt = Tcpconnect.Open();
        Select(attempt.File, name);
        try
        {
            using Tcpconnect bpf = attempt.Load();
            using Tcpconnect.Attached links = bpf.AttachAll();
            return true;
        }
        catch (BpfException)
        {
            return false;
        }
    }
}
