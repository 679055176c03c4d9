using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
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
        var pins = new List<string>();
        try
        {
            foreach (BpfProgram program in all ? programs : programs.Take(1))
                PinProgram(program, all ? Path.Combine(path, program.Name) : path, attach, pins);
            if (maps is null) return;
            foreach (BpfMap map in loaded.Maps)
                Pin(Path.Combine(maps, map.Name), map.Pin, pins);
        }
        catch
        {
            // All or nothing: what a half-done load left would be in the way of the next.
            pins.ForEach(File.Delete);
            throw;
        }
    }

    private static void PinProgram(BpfProgram program, string path, bool attach, List<string> pins)
    {
        if (!attach)
        {
            Pin(path, program.Pin, pins);
            return;
        }

        // The pin of the link holds link and program.
        using BpfLink link = program.Attach();
        Pin(path, link.Pin, pins);
    }

    private static void Pin(string path, Action<string> pin, List<string> pins)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        pin(path);
        pins.Add(path);
    }
}
