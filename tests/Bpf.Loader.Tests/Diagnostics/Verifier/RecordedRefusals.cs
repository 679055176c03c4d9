using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Xunit;

namespace Bpf.Loader.Tests.Diagnostics.Verifier;

/// <summary>What the verifiers of several kernels said of the programs of <c>testdata/refused</c> (<c>build/refusals.sh</c>).</summary>
internal static class RecordedRefusals
{
    private static readonly Dictionary<string, Refusal[]> ByKernel = Directory.EnumerateFiles(TestData.PathOf("refused/logs"), "*.jsonl")
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), path => File.ReadLines(path).Select(line => JsonSerializer.Deserialize<Refusal>(line)!).ToArray());

    private static readonly Dictionary<string, IReadOnlyList<BpfRelocatedProgram>> Programs = [];

    /// <summary>A kernel, an object and a program for each refusal, as the rows of a theory.</summary>
    public static TheoryData<string, string, string> Rows()
    {
        var rows = new TheoryData<string, string, string>();
        foreach ((string kernel, Refusal[] refusals) in ByKernel.OrderBy(pair => pair.Key))
        {
            foreach (Refusal refusal in refusals) rows.Add(kernel, refusal.@object, refusal.program);
        }

        return rows;
    }

    /// <summary>Whether a kernel was seen to refuse a program.</summary>
    public static bool Has(string kernel, string file, string program) => ByKernel.TryGetValue(kernel, out Refusal[]? refusals) && refusals.Any(refusal => refusal.@object == file && refusal.program == program);

    /// <summary>The log of a refusal.</summary>
    public static string Log(string kernel, string file, string program) => ByKernel[kernel].Single(refusal => refusal.@object == file && refusal.program == program).log;

    /// <summary>The program, as it was given to the kernel.</summary>
    public static BpfRelocatedProgram Program(string file, string program)
    {
        lock (Programs)
        {
            if (!Programs.TryGetValue(file, out IReadOnlyList<BpfRelocatedProgram>? programs))
                Programs.Add(file, programs = BpfObjectFile.Open(TestData.PathOf($"refused/{file}")).Relocate());
            return programs.Single(candidate => candidate.Definition.Name == program);
        }
    }

#pragma warning disable IDE1006, CA1812 // The names are those of the JSON; the serializer makes the instances.
    private sealed record Refusal(string @object, string program, string log);
#pragma warning restore IDE1006, CA1812
}
