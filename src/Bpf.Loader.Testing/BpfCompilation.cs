namespace Bpf.Loader.Testing;

/// <summary>Whether the machine makes code of this computer of a program, beside interpreting it. What a program does is the same.</summary>
public enum BpfCompilation
{
    /// <summary>Programs that have run for a while are compiled where the runtime can: everywhere but under NativeAOT and in interpreters.</summary>
    WhenHot,

    /// <summary>Programs are compiled before their first run, where the runtime can.</summary>
    Always,

    /// <summary>All is interpreted.</summary>
    Never,
}
