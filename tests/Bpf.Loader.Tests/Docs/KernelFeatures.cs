using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Text.Json;

namespace Bpf.Loader.Tests.Docs;

/// <summary>What a kernel answered to <c>bpf feature probe full --json</c>, as <c>build/kernel-features.sh</c> recorded it.</summary>
internal sealed record KernelFeatures(Version Version, IReadOnlyDictionary<(string Kind, string Name), string> Answers)
{
    private const string Suffix = ".features.jsonl.gz", HelperOf = "helper of ";

    /// <summary>All that are recorded, the oldest first.</summary>
    public static IReadOnlyList<KernelFeatures> All { get; } =
        [.. Directory.GetFiles(Path.Combine(TestData.Root, "kernels"), "*" + Suffix).Select(Read).OrderBy(static kernel => kernel.Version)];

    /// <summary>Whether the kernel has it; null when it was not asked, as an older tool does not know it.</summary>
    public bool? Has(string kind, string name) => Answers.TryGetValue((kind, name), out string? have) ? have == "yes" : null;

    /// <summary>How many types of programs may call the helper.</summary>
    public int CallersOf(string helper) => Answers.Count(each => each.Key.Kind.StartsWith(HelperOf, StringComparison.Ordinal) && each.Key.Name == helper && each.Value == "yes");

    private static KernelFeatures Read(string path)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var answers = new Dictionary<(string, string), string>();
        while (text.ReadLine() is string line)
        {
            JsonElement row = JsonElement.Parse(line);
            answers[(row.GetProperty("kind").GetString()!, row.GetProperty("name").GetString()!)] = row.GetProperty("have").GetString()!;
        }

        return new KernelFeatures(Version.Parse(Path.GetFileName(path)[..^Suffix.Length]), answers);
    }
}
