using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Hosting;

/// <summary>The links of one program to each target of a rule.</summary>
/// <param name="changed">Is called when there is news.</param>
[SupportedOSPlatform("linux")]
internal abstract class TargetLinks(Action changed) : IDisposable
{
    private volatile bool _hasNews;

    /// <summary>Why the targets could not be looked for; null when they could.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What the links are called, before their targets.</summary>
    public abstract string Name { get; }

    /// <summary>What the targets are.</summary>
    public abstract string Targets { get; }

    /// <summary>Why nothing tells of changes, so that they are found by looking; null when they are told.</summary>
    public abstract string? Silence { get; }

    /// <summary>Whether targets came or went since it was asked last.</summary>
    public bool TakeNews()
    {
        bool hadNews = _hasNews;
        _hasNews = false;
        return hadNews;
    }

    /// <summary>Attaches to what is new, and ends the links to what is gone.</summary>
    public abstract void Follow();

    /// <summary>Ends the watch; the links stay.</summary>
    public abstract void Dispose();

    /// <summary>Notes that targets came or went, on whatever thread.</summary>
    protected void Note()
    {
        _hasNews = true;
        changed();
    }
}
