using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Bpf.Samples.Symbols;

/// <summary>The functions of a process: those of the files that it mapped, and those that its runtime compiled.</summary>
internal sealed class ProcessNames
{
    private readonly List<Mapping> _mappings;
    private readonly SymbolTable _compiled;
    private readonly ElfNames _files;
    private readonly string _root;

    private ProcessNames(uint pid, List<Mapping> mappings, ElfNames files)
    {
        (_mappings, _files) = (mappings, files);
        _root = $"/proc/{pid}/root"; // the process may be in a container
        _compiled = PerfMap.Read(pid);
    }

    /// <summary>Reads where a process has what; of one that is gone, nothing is known.</summary>
    public static ProcessNames Read(uint pid, ElfNames files)
    {
        List<Mapping> mappings = [];
        try
        {
            foreach (string line in File.ReadLines($"/proc/{pid}/maps"))
                mappings.Add(Mapping.Parse(line));
        }
        catch (IOException)
        {
            mappings.Clear();
        }

        return new ProcessNames(pid, mappings, files);
    }

    /// <summary>The function that an address is in; the file, where it has no names; or "[unknown]".</summary>
    public string Find(ulong address)
    {
        if (_compiled.Find(address) is string method)
            return method;
        foreach (Mapping mapping in _mappings)
        {
            if (address >= mapping.Start && address < mapping.End)
                return Find(mapping, address - mapping.Start + mapping.Offset);
        }

        return "[unknown]";
    }

    private string Find(Mapping mapping, ulong offset)
    {
        if (!mapping.Path.StartsWith('/'))
            return mapping.Path is "" ? "[anonymous]" : mapping.Path;
        return _files.Find(_root + mapping.Path, offset) ?? $"[{Path.GetFileName(mapping.Path)}]";
    }

    /// <summary>A part of the process's memory, and which part of which file it is.</summary>
    private readonly record struct Mapping(ulong Start, ulong End, ulong Offset, string Path)
    {
        // "7f3c8a200000-7f3c8a3b1000 r-xp 00028000 fe:00 1311 /usr/lib/libc.so.6"
        public static Mapping Parse(string line)
        {
            string[] words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            string[] range = words[0].Split('-');
            return new Mapping(Hex(range[0]), Hex(range[1]), Hex(words[2]), words.Length > 5 ? words[5].Trim() : "");
        }

        private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }
}
