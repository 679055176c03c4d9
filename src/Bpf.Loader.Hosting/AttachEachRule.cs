using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Hosting;

/// <summary>A program that the user asked to be attached to each target of a rule, as they come and go.</summary>
[SupportedOSPlatform("linux")]
internal abstract class AttachEachRule
{
    /// <summary>Tells the program.</summary>
    public abstract BpfProgram Program(BpfObject loaded);

    /// <summary>Begins to watch the targets.</summary>
    /// <param name="links">Where links are made and ended.</param>
    /// <param name="loaded">The object.</param>
    /// <param name="changed">Is called when targets came or went.</param>
    /// <exception cref="BpfException">They cannot be looked for.</exception>
    public abstract TargetLinks Start(HostLinks links, BpfObject loaded, Action changed);
}
