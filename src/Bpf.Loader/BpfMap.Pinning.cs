using System;
using Bpf.Loader.Interop;

namespace Bpf.Loader;

public sealed partial class BpfMap
{
    /// <summary>The path under which this object pinned the map or found it, if there is one.</summary>
    public string? PinPath { get; internal set; }

    /// <summary>Pins the map: it stays in the kernel, under a path, until <see cref="Unpin"/> or the removal of the file.</summary>
    /// <param name="path">The path, on a file system of type bpf, which takes no names with dots; folders that are missing on the way are made.</param>
    /// <exception cref="BpfException">
    /// The kernel refused: <see cref="Errno.EEXIST"/> when something is there; the path has a name with a dot
    /// (<see cref="BpfDiagnosticId.BadPinPath"/>), or is not on a file system of type bpf.
    /// </exception>
    /// <exception cref="InvalidOperationException">The map is pinned elsewhere already.</exception>
    public void Pin(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string what = $"map '{Name}'", full = PinPlace.Of(path, $"{what} at '{path}'").Path;
        if (PinPath is not null && PinPath != full)
            throw new InvalidOperationException($"Map '{Name}' is pinned at '{PinPath}' already.");
        PinFile.Create(full, Handle, what);
        PinPath = full;
    }

    /// <summary>Removes the pin; the map lives on as long as something else holds it.</summary>
    /// <exception cref="InvalidOperationException">The map is not pinned by this object.</exception>
    /// <exception cref="BpfException">The path is not on a file system of type bpf any more, or the file cannot be removed: <see cref="Errno.ENOENT"/> when somebody else has done it, <see cref="Errno.ESTALE"/> when something else is pinned there by now.</exception>
    public void Unpin()
    {
        string path = PinPath ?? throw new InvalidOperationException($"Map '{Name}' is not pinned.");
        PinPlace.Of(path, $"map '{Name}' at '{path}'");
        Errno errno = PinFile.Unpin(path, Handle, DescriptorKind.Map, $"map '{Name}'");
        if (errno != Errno.None)
            throw new BpfException("unlink", errno, $"the pin '{path}' of map '{Name}'", null);
        PinPath = null;
    }

    /// <summary>
    /// Gives the pin another path, in one step, and in the place of another map if one is named: whoever opens that path finds the one
    /// map or the other at any time.
    /// </summary>
    /// <param name="path">The other path, on the same file system; its folder is there.</param>
    /// <param name="inPlaceOf">The map that is pinned there, whose pin this takes; null for none.</param>
    /// <exception cref="InvalidOperationException">The map is not pinned by this object.</exception>
    /// <exception cref="BpfException">Something else is pinned there (<see cref="Errno.EEXIST"/>), or the kernel refused.</exception>
    /// <remarks>The kernel has no way to look and move at once: who pins something else there just between loses that pin.</remarks>
    public void MovePin(string path, BpfMap? inPlaceOf = null)
    {
        string from = PinPath ?? throw new InvalidOperationException($"Map '{Name}' is not pinned.");
        PinPath = PinFile.Move(from, path, inPlaceOf?.Handle, $"map '{Name}'");
        if (inPlaceOf is not null) inPlaceOf.PinPath = null;
    }
}
