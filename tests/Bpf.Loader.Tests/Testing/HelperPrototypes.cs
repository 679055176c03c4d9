using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Tests.Testing;

/// <summary>The helpers as the header of programs declares them.</summary>
internal static partial class HelperPrototypes
{
    /// <summary>All of them.</summary>
    public static IReadOnlyDictionary<string, HelperPrototype> All { get; } = File.ReadLines(Path.Combine(TestData.Repository, "src/Bpf.Loader.Build/include/bpf/bpf_helper_defs.h"))
        .Select(static line => Declaration().Match(line)).Where(static match => match.Success)
        .Select(static match => new HelperPrototype(
            match.Groups["name"].Value, int.Parse(match.Groups["number"].Value, System.Globalization.CultureInfo.InvariantCulture),
            match.Groups["result"].Value.Replace("__bpf_fastcall ", "", StringComparison.Ordinal).Trim(), match.Groups["parameters"].Value))
        .ToDictionary(static each => each.Name);

    [GeneratedRegex(@"^static (?<result>.+?)\(\*const (?<name>bpf_\w+)\)\((?<parameters>.*)\) = \(void \*\)(?<number>\d+);")]
    private static partial Regex Declaration();
}
