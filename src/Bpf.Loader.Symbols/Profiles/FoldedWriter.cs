using System.Globalization;
using System.IO;

namespace Bpf.Loader.Symbols.Profiles;

/// <summary>Writes stacks as text, one a line: <c>main;work;read 17</c>.</summary>
internal static class FoldedWriter
{
    public static void Write(StackTree tree, TextWriter to)
    {
        foreach (StackTree outermost in tree.Calls) Write(outermost, "", to);
    }

    private static void Write(StackTree tree, string callers, TextWriter to)
    {
        string stack = callers + tree.Name;
        if (tree.Own > 0) to.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{stack} {tree.Own}"));
        foreach (StackTree called in tree.Calls) Write(called, stack + ";", to);
    }
}
