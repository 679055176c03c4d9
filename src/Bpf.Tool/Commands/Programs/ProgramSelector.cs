using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader;

namespace Bpf.Tool.Commands.Programs;

/// <summary>Finds programs of the system by the words <c>id ID</c>, <c>tag TAG</c>, <c>name NAME</c> or <c>pinned PATH</c>.</summary>
[SupportedOSPlatform("linux")]
internal static class ProgramSelector
{
    /// <summary>What the words are, for help.</summary>
    public const string Grammar = "{ id ID | tag TAG | name NAME | pinned PATH }";

    /// <summary>The one program that the words name.</summary>
    /// <exception cref="UsageException">The words make no sense, or several programs fit them.</exception>
    /// <exception cref="BpfException">There is none.</exception>
    public static BpfProgram TakeOne(Words words)
    {
        List<BpfProgram> found = [.. Take(words)];
        if (found.Count == 1) return found[0];
        foreach (BpfProgram program in found) program.Dispose();
        throw found.Count == 0
            ? new BpfException(BpfCommand.ProgGetFdById, Errno.ENOENT, "the program", "No program of this system fits; 'bpf prog' lists them.")
            : new UsageException($"{found.Count} programs fit; give the id of the one that is meant.");
    }

    /// <summary>The programs that the words name, to be disposed.</summary>
    public static IEnumerable<BpfProgram> Take(Words words)
    {
        string kind = words.Take(Grammar);
        switch (kind)
        {
            case "id":
                return [BpfProgram.OpenById(words.TakeNumber("an id"))];
            case "pinned":
                return [BpfProgram.OpenPinned(words.Take("a path"))];
            case "tag":
                string tag = words.Take("a tag");
                return All(program => program.Tag == tag);
            case "name":
                string name = words.Take("a name");
                return All(program => program.Name == name || FullName.Of(program, program.GetInfo()) == name);
            default:
                throw new UsageException($"'{kind}' is not understood there; write {Grammar}.");
        }
    }

    /// <summary>The programs of the system that fit, to be disposed. Those that go meanwhile are passed over.</summary>
    public static IEnumerable<BpfProgram> All(Func<BpfProgram, bool>? fits = null)
    {
        foreach (uint id in BpfProgram.EnumerateIds())
        {
            BpfProgram program;
            try
            {
                program = BpfProgram.OpenById(id);
            }
            catch (BpfException e) when (e.Errno == Errno.ENOENT)
            {
                continue;
            }

            if (fits is null || fits(program)) yield return program;
            else program.Dispose();
        }
    }
}
