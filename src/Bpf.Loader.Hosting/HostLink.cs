using System;
using System.IO;
using System.Runtime.Versioning;

namespace Bpf.Loader.Hosting;

/// <summary>One link of the host: what it is, and how it is attached again.</summary>
/// <param name="name">What it is called.</param>
/// <param name="program">The number of its program; 0 when it has none of its own.</param>
/// <param name="attach">Attaches it.</param>
[SupportedOSPlatform("linux")]
internal sealed class HostLink(string name, uint program, Func<BpfLink> attach) : IDisposable
{
    private LinkDeath? _vanished;
    private BpfProgram? _before;

    public string Name => name;

    /// <summary>The link; null when it could not be attached, or is gone.</summary>
    public BpfLink? Link { get; private set; }

    /// <summary>Why it is not attached, at first or again; null when it is.</summary>
    public Exception? Refusal { get; private set; }

    /// <summary>Why it is not attached any more; null when it is, or never was.</summary>
    public LinkDeath? Death => _vanished ?? (Link is { } link ? LinkDeath.Of(link, program) : null);

    /// <summary>The path of its pin when that is gone, so that the link will not outlive the host.</summary>
    public string? LostPin => Link?.PinPath is { } path && !File.Exists(path) ? path : null;

    /// <summary>Attaches.</summary>
    /// <returns>The link.</returns>
    public BpfLink Attach()
    {
        BpfLink link = attach() ?? throw new InvalidOperationException($"What attaches '{name}' gave no link.");
        Take(link);
        return link;
    }

    /// <summary>Attaches by the pinned link, and remembers what ran there, in case that not all can be attached.</summary>
    /// <returns>True when it was pinned already.</returns>
    public bool TakeOver(string path)
    {
        _before = LinkPins.ProgramAt(path);
        Attach();
        return _before is not null;
    }

    /// <summary>Takes a link that is attached.</summary>
    public void Take(BpfLink link) => (Link, Refusal, _vanished) = (link, null, null);

    /// <summary>Keeps a refusal.</summary>
    /// <returns>True when it is another one than before.</returns>
    public bool Refuse(Exception refusal)
    {
        bool isNew = Refusal?.Message != refusal.Message;
        Refusal = refusal;
        return isNew;
    }

    /// <summary>Looks whether the link is gone since it was looked at last, and lets go of what is left of it.</summary>
    /// <returns>Why; null when it is there, or was gone already.</returns>
    public LinkDeath? Vanish()
    {
        if (_vanished is not null || Death is not { } death) return null;
        _vanished = death;

        // What another has taken over is theirs.
        if (death.IsTakenOver) return death;
        Link?.Dispose();
        Link = null;
        return death;
    }

    /// <summary>Forgets what ran before, once all is attached.</summary>
    public void Settle()
    {
        _before?.Dispose();
        _before = null;
    }

    /// <summary>Lets run what ran before, or nothing.</summary>
    public void Undo()
    {
        try
        {
            if (_before is not null) Link?.Update(_before);
            else if (Link?.PinPath is not null) Link.Unpin();
        }
        catch (BpfException)
        {
            // The refusal that is being told matters more: it is why nothing was attached.
        }

        Dispose();
    }

    /// <summary>Detaches, unless the link is pinned.</summary>
    public void Dispose()
    {
        Settle();
        Link?.Dispose();
    }
}
