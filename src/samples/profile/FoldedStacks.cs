using System.IO;

namespace Bpf.Samples;

/// <summary>Stacks as text, one a line, "main;work;read 17": what flamegraph.pl, speedscope and the like read.</summary>
internal static class FoldedStacks
{
    public static void Write(StackTree tree, TextWriter to)
    {
        foreach (StackTree process in tree.Calls)
            Write(process, "", to);
    }

    private static void Write(StackTree tree, string callers, TextWriter to)
    {
        string stack = callers + tree.Name.Replace(';', ':');
        if (tree.OwnSamples > 0)
            to.WriteLine($"{stack} {tree.OwnSamples}");
        foreach (StackTree called in tree.Calls)
            Write(called, stack + ";", to);
    }
}
