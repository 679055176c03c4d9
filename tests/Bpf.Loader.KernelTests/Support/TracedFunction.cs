using System;
using Bpf.Loader.KernelTests.Links;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>The function of the kernel that tests probe: whoever removes a file gets there, also when there is none.</summary>
internal static class TracedFunction
{
    /// <summary>Its name: <c>int do_unlinkat(int, struct filename *)</c>, which Linux 7.3 calls otherwise.</summary>
    public static string Name { get; } = Requires.Has("do_unlinkat") ? "do_unlinkat" : "filename_unlinkat";

    /// <summary>A program's target with the function's name here in place of that in the objects of testdata.</summary>
    public static string Named(string target) => target.Replace("do_unlink", Name[..^2], StringComparison.Ordinal);

    /// <summary>A name that is close to its own, and nothing's.</summary>
    public static string Misspelt { get; } = Name[..^2] + "ta";
}
