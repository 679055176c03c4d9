using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.Symbols;
using Xunit;

namespace Bpf.Loader.KernelTests.Symbols;

/// <summary>Names of large libraries, as they are decoded and as binutils decode them.</summary>
public class DemanglerOracleTests
{
    [Theory]
    [InlineData("libstdc++.so.6", 4_000)]
    [InlineData("libLLVM.so.19.1", 20_000)]
    [InlineData("libclang-cpp.so.19.1", 20_000)]
    public void Of_a_thousand_names_at_most_one_is_shown_otherwise(string library, int least)
    {
        Requires.RealProcessor();
        using BpfBinary binary = BpfBinary.Open(library);
        string[] names = [.. binary.Functions.Select(function => function.Name).Where(name => name.StartsWith("_Z", StringComparison.Ordinal)).Distinct()];
        Assert.True(names.Length >= least, $"{library} has {names.Length} names");
        string[] expected = CxxFilt(names);
        List<string> wrong = [];
        for (int i = 0; i < names.Length; i++)
        {
            // What binutils refuse says nothing.
            if (expected[i] != names[i] && Demangler.Demangle(names[i], verbose: true) is string name && name != expected[i]) wrong.Add($"{names[i]}\n    {expected[i]}\n    {name}");
        }

        Assert.True(wrong.Count * 1000 <= names.Length, $"{wrong.Count} of {names.Length} differ:\n{string.Join('\n', wrong.Take(10))}");
    }

    private static string[] CxxFilt(string[] names)
    {
        using Process filter = Process.Start(new ProcessStartInfo("c++filt") { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Task<string> output = filter.StandardOutput.ReadToEndAsync();
        foreach (string name in names) filter.StandardInput.WriteLine(name);
        filter.StandardInput.Close();
        string[] lines = output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        filter.WaitForExit();
        Assert.Equal(names.Length, lines.Length);
        return lines;
    }
}
