using System;
using System.IO;
using System.Runtime.Versioning;

namespace Bpf.Loader.Hosting;

/// <summary>One link of the host: what it is, and how it is attached again.</summary>
/// <param name="name">What it is called.</param>
/// <param name="program">The number of its program; 0 when it has none of its own.</param>
/// <param name="attach">Attaches it; null, for a target of a rule only, when that is not to be attached to yet.</param>
/// <param name="exists">Whether the target of the rule is there, for a link that comes and goes with it; null for others.</param>
[SupportedOSPlatform("linux")]
internal sealed class HostLink(string name, uint program, Func<BpfLink?> attach, Func<bool>? exists = null) : IDisposable
{
    private LinkDeath? _vanished;
    private BpfProgram? _before;

    public string Name => name;

    /// <summary>The link; null when it could not be attached, or is gone.</summary>
    public BpfLink? Link { get; private set; }

    /// <summary>Why it is not attached, at first or again; null when it is.</summary>
    public Exception? Refusal { get; private set; }

    /// <summary>Why it is not attached any more; null when it is, or never was, or went as its target of a rule did.</summary>
    public LinkDeath? Death => _vanished ?? (Link is { } link && LinkDeath.Of(link, program) is { } death && TargetExists ? death : null);

    /// <summary>Whether what it is to be attached to is there, as far as a rule tells.</summary>
    public bool TargetExists
    {
        get
        {
            try
            {
                return exists?.Invoke() ?? true;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                return true; // the user's condition cannot tell, as the next look for targets says
            }
        }
    }

    /// <summary>Whether it is to be attached as soon as that is possible, since its target of a rule is there.</summary>
    public bool IsWaiting => exists is not null && Link is null && _vanished is null;

    /// <summary>The path of its pin when that is gone, so that the link will not outlive the host.</summary>
    public string? LostPin => Link?.PinPath is { } path && !File.Exists(path) ? path : null;

    /// <summary>Attaches.</summary>
    /// <returns>The link; null when its target of a rule is not to be attached to yet.</returns>
    public BpfLink? Attach()
    {
        if (attach() is { } link) Take(link);
        else if (exists is null) throw new InvalidOperationException($"What attaches '{name}' gave no link.");
        else Refusal = null;
        return Link;
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
        // Nobody will go on with a link to a target of a rule that is dead: a target that comes later is another one.
        if (exists is not null) RemovePin();
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

    /// <summary>Detaches, and removes the pin: its target of a rule is gone.</summary>
    public void Drop()
    {
        RemovePin();
        Dispose();
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

    private void RemovePin()
    {
        try
        {
            if (Link?.PinPath is not null) Link.Unpin();
        }
        catch (BpfException)
        {
            // Somebody removed the pin already.
        }
    }
}
