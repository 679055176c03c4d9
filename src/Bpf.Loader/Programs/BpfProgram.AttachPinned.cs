using System;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>
    /// Attaches the program by the link that is pinned under a path, in the place of the program that an earlier process attached, or,
    /// where nothing is pinned, by a new link that is pinned then. Disposing the link does not detach, until it is unpinned.
    /// </summary>
    /// <param name="path">The path of the pin. It stands for the target too, which is not looked at: another target takes another path.</param>
    /// <param name="attach">Makes a new link, as in <c>count => count.AttachXdp("eth0")</c>.</param>
    /// <returns>The link.</returns>
    /// <exception cref="BpfException">
    /// What is pinned is no link, or the link of a program of another type or name (<see cref="BpfDiagnosticId.PinnedOtherKind"/>), and is
    /// left alone; or the kernel refused.
    /// </exception>
    /// <exception cref="BpfNotSupportedException">The new attachment is none that the kernel has a link for.</exception>
    /// <remarks>
    /// Links of cgroups, network namespaces and devices change their program without a moment in which none or both run (Linux 5.7 to
    /// 6.6). The kernel has no such way for the others: the new link is made first, and for a moment both run. A link whose device or
    /// cgroup is gone is replaced. CAP_SYS_ADMIN, to look at the program that is there.
    /// </remarks>
    public BpfLink AttachPinned(string path, Func<BpfProgram, BpfLink> attach)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(attach);
        BpfLink? pinned = BpfLink.TryOpenPinned(path);
        if (pinned is null) return AttachAndPin(path, attach, null);
        try
        {
            CheckOwn(pinned, path);
            pinned.Update(this);
            return pinned;
        }
        catch (BpfException error) when (error is { Command: BpfCommand.LinkUpdate, Errno: Errno.ENOLINK })
        {
            // Dead: its device, cgroup or namespace is gone, or somebody detached it by force.
            pinned.Unpin();
            pinned.Dispose();
            return AttachAndPin(path, attach, null);
        }
        catch (BpfException error) when (error is { Command: BpfCommand.LinkUpdate, Errno: Errno.EINVAL or Errno.EOPNOTSUPP })
        {
            // The type is the same, so it is the kind of link that the kernel does not update.
            using (pinned) return AttachAndPin(path, attach, pinned);
        }
        catch
        {
            pinned.Dispose();
            throw;
        }
    }

    private BpfLink AttachAndPin(string path, Func<BpfProgram, BpfLink> attach, BpfLink? inPlaceOf)
    {
        BpfLink link = attach(this) ?? throw new InvalidOperationException($"What attaches '{Name}' gave no link.");
        try
        {
            inPlaceOf?.Unpin();
            link.Pin(path);
            return link;
        }
        catch
        {
            link.Dispose();
            if (inPlaceOf is { PinPath: null }) inPlaceOf.Pin(path);
            throw;
        }
    }

    private void CheckOwn(BpfLink pinned, string path)
    {
        uint id = pinned.GetInfo().ProgramId;
        using BpfProgram attached = OpenById(id);
        BpfProgramInfo own = GetInfo(), other = attached.GetInfo();
        if (own.Type == other.Type && own.Name == other.Name) return;
        throw new BpfException(
            BpfCommand.ObjGet, Errno.EEXIST, $"link at '{path}' for the program '{Name}'",
            $"What is pinned there is the link of another program, {other.Type} '{other.Name}' ({id}), and is left alone. Pin elsewhere, or remove the pin, which detaches it.",
            BpfDiagnosticId.PinnedOtherKind);
    }
}
