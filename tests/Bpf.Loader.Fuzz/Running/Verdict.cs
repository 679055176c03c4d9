namespace Bpf.Loader.Fuzz.Running;

/// <summary>What came of one input.</summary>
internal enum Verdict
{
    /// <summary>It was understood.</summary>
    Accepted,

    /// <summary>It was refused as the documentation says.</summary>
    Refused,

    /// <summary>Anything else.</summary>
    Failed,
}
