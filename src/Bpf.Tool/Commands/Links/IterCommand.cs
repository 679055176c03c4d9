using System.CommandLine;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Links;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Links;

/// <summary><c>bpf iter</c>: pins an iterator, so that <c>cat</c> reads it.</summary>
[SupportedOSPlatform("linux")]
internal static class IterCommand
{
    public static Command Create()
    {
        var command = new Command("iter", "Handles iterators: programs whose output is read like a file.")
        {
            KernelCommand.Create("iter pin", "Loads the first iterator of an object file, and pins it: each reading of the file runs it.", "OBJ PATH [map { id ID | pinned PATH }]", Pin),
        };
        return command;
    }

    private static void Pin(Words words, JsonLines? lines)
    {
        string file = words.Take("an object file"), path = words.Take("a path on a file system of type bpf");
        using BpfMap? map = words.TryTake("map") ? MapSelector.TakeOne(words) : null;
        words.End();
        using BpfObject loaded = BpfObjectFile.Open(file).Load(LoadFindings.Printed(file));
        BpfProgram iterator = loaded.Programs.FirstOrDefault(program => program.ExpectedAttachType == BpfAttachType.TraceIter)
            ?? throw new UsageException($"{file} has no iterator.");
        using BpfIteratorLink link = iterator.AttachIterator(new IteratorOptions { Map = map });
        link.Pin(path);
    }
}
