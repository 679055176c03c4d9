using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader;

namespace Bpf.Tool.Commands.Programs;

/// <summary><c>bpf prog load</c> and <c>loadall</c>: what is pinned stays when the command has ended.</summary>
[SupportedOSPlatform("linux")]
internal static class LoadCommand
{
    public static void Run(Words words, bool all)
    {
        string file = words.Take("an object file"), path = words.Take("a path on a file system of type bpf");
        (string? maps, bool attach) = (null, false);
        while (!words.AtEnd)
        {
            if (words.TryTake("pinmaps")) maps = words.Take("a folder for the maps");
            else if (words.TryTake("autoattach")) attach = true;
            else words.End();
        }

        using BpfObject loaded = BpfObjectFile.Open(file).Load(LoadFindings.Printed(file));
        List<BpfProgram> programs = [.. loaded.Programs];
        if (programs.Count == 0) throw new UsageException($"{file} has no programs that are loaded by themselves.");
        var pins = new NewPins();
        try
        {
            if (!all) PinProgram(programs[0], path, attach, pins);
            else programs.ForEach(program => PinProgram(program, PathOf(path, program), attach, pins));
            if (maps is not null) loaded.PinMaps(maps);
        }
        catch
        {
            // What a half-done load left would be in the way of the next.
            pins.TakeBack();
            throw;
        }
    }

    private static void PinProgram(BpfProgram program, string path, bool attach, NewPins pins)
    {
        if (!attach)
        {
            pins.Add(path, program.Pin);
            return;
        }

        // The pin of the link holds link and program.
        using BpfLink link = program.Attach();
        pins.Add(path, link.Pin);
    }

    // The name is the object's, which may come from anywhere; a bpf file system takes no dots.
    private static string PathOf(string folder, BpfProgram program) => program.Name.Contains('/', StringComparison.Ordinal)
        ? throw new UsageException($"The program '{program.Name}' cannot be pinned by its name: a slash leads into another folder.")
        : Path.Combine(folder, program.Name.Replace('.', '_'));
}
