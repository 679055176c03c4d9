namespace Bpf.Tool;

/// <summary>What the command returns to the shell: a promise of the design.</summary>
internal static class ExitCode
{
    /// <summary>Everything was done.</summary>
    public const int Done = 0;

    /// <summary>A file or the kernel said no.</summary>
    public const int Refused = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;
}
