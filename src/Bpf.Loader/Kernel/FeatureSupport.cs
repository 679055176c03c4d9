namespace Bpf.Loader.Kernel;

/// <summary>What a probe found out.</summary>
internal enum FeatureSupport : byte
{
    /// <summary>It was not asked yet.</summary>
    Unknown,

    /// <summary>The kernel has it.</summary>
    Supported,

    /// <summary>The kernel lacks it.</summary>
    Missing,

    /// <summary>The process may not even ask; the next question probes again.</summary>
    Denied,

    /// <summary>Memory or descriptors ran short, or signals came, and there was no answer; the next question probes again.</summary>
    Unanswered,
}
