using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Hosting;

/// <summary>The links of one program to each target of a rule.</summary>
[SupportedOSPlatform("linux")]
internal abstract class TargetLinks : IDisposable
{
    /// <summary>What the links are called, before their targets.</summary>
    public abstract string Name { get; }

    /// <summary>What the targets are.</summary>
    public abstract string Targets { get; }

    /// <summary>Why nothing tells of changes, so that they are found by looking; null when they are told.</summary>
    public abstract string? Silence { get; }

    /// <summary>Attaches to what is new, and ends the links to what is gone.</summary>
    public abstract void Follow();

    /// <summary>Ends the watch; the links stay.</summary>
    public abstract void Dispose();
}
