using System;
using System.Collections.Generic;
using System.IO;
using Bpf.Loader.Interop;

namespace Bpf.Loader;

public sealed partial class BpfObject
{
    /// <summary>Pins all maps, each by its name below a folder, as <c>bpftool prog load ... pinmaps</c> does: all of them, or none.</summary>
    /// <param name="directory">
    /// A folder on a file system of type bpf; made when it is missing. Such a file system takes no names with dots, so <c>_</c> stands
    /// for them: the variables of <c>.bss</c> of the object <c>agent</c> are in <c>agent_bss</c>.
    /// </param>
    /// <exception cref="BpfException">
    /// The folder is on no such file system (<see cref="BpfDiagnosticId.PinRefused"/>), a path or name is none that it takes
    /// (<see cref="BpfDiagnosticId.BadPinPath"/>, <see cref="BpfDiagnosticId.BadPinName"/>), something is there already, or the kernel refused.
    /// Nothing is left of what this call made.
    /// </exception>
    /// <remarks>A map that is pinned elsewhere, by its definition, stays there too. Linux 4.4; CAP_BPF.</remarks>
    public void PinMaps(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var pins = new List<(BpfMap Map, PinFile File)>();
        try
        {
            foreach (BpfMap map in Maps)
            {
                string path = PathOf(directory, map.Name, "map");
                if (map.PinPath != path) pins.Add((map, PinFile.Create(path, map.Handle, $"map '{map.Name}'")));
            }
        }
        catch
        {
            TakeBack(pins.ConvertAll(pin => pin.File));
            throw;
        }

        foreach ((BpfMap map, PinFile file) in pins) map.PinPath ??= file.Path;
    }

    /// <summary>Pins all programs, each by its name below a folder, as <c>bpftool prog loadall</c> does: all of them, or none.</summary>
    /// <param name="directory">A folder on a file system of type bpf; made when it is missing. In names, <c>_</c> stands for dots.</param>
    /// <inheritdoc cref="PinMaps" path="/exception"/>
    /// <remarks>Linux 4.4; CAP_BPF.</remarks>
    public void PinPrograms(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        var pins = new List<PinFile>();
        try
        {
            foreach (BpfProgram program in Programs)
                pins.Add(PinFile.Create(PathOf(directory, program.Name, "program"), program.Handle, $"program '{program.Name}'"));
        }
        catch
        {
            TakeBack(pins);
            throw;
        }
    }

    // The names are the object's, which may come from anywhere.
    private static string PathOf(string directory, string name, string kind)
    {
        string file = name.Replace('.', '_');
        return PinPlace.WhyBadFile(file) is string why
            ? throw new BpfException(BpfCommand.ObjPin, Errno.EINVAL, $"{kind} '{name}' by its name", $"That cannot be the name of a file. {why}", BpfDiagnosticId.BadPinName)
            : Path.Combine(Path.GetFullPath(directory), file);
    }

    private static void TakeBack(List<PinFile> pins)
    {
        pins.Reverse(); // folders go last
        pins.ForEach(pin => pin.Remove());
    }
}
