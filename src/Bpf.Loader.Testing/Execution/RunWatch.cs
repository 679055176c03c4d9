namespace Bpf.Loader.Testing.Execution;

/// <summary>Who looks on while a program runs.</summary>
internal enum RunWatch
{
    /// <summary>Nobody.</summary>
    None,

    /// <summary>What counts how often instructions run.</summary>
    Coverage,

    /// <summary>What reports each step, and counts as well.</summary>
    Trace,
}
