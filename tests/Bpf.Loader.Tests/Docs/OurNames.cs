using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Bpf.Loader.Hosting;
using Bpf.Loader.Symbols;
using Bpf.Loader.Testing;
using Bpf.Loader.Tests.Tool;

namespace Bpf.Loader.Tests.Docs;

/// <summary>The names of ours that a page gives in code, and whether they are there: members, commands, items of the build, tests.</summary>
internal static partial class OurNames
{
    private static readonly Type[] PublicTypes =
        [.. new[] { typeof(BpfObject), typeof(BpfBuilder), typeof(Symbolizer), typeof(BpfMachine) }.SelectMany(type => type.Assembly.GetExportedTypes())];

    private static readonly ILookup<string, string> TestFiles =
        Directory.EnumerateFiles(Path.Combine(TestData.Repository, "tests"), "*.cs", SearchOption.AllDirectories).ToLookup(path => Path.GetFileNameWithoutExtension(path));

    /// <summary>What stands between backticks.</summary>
    public static string[] InCode(string text) => [.. Code().Matches(text).Select(match => match.Groups["code"].Value)];

    /// <summary>Whether there is a thing of a name: <c>BpfMap&lt;TKey, TValue&gt;.TryGet</c>, <c>bpf gen object</c>, <c>&lt;BpfCompile /&gt;</c> or <c>foreach</c>.</summary>
    public static bool IsThere(string name) =>
        name.StartsWith('<') ? File.ReadAllText(Path.Combine(TestData.Repository, "src/Bpf.Loader.Build/build/Bpf.Loader.Build.targets")).Contains($"@({name.Trim('<', '/', ' ', '>')}", StringComparison.Ordinal)
        : name.StartsWith("bpf ", StringComparison.Ordinal) ? BpfTool.Run([.. name.Split(' ')[1..], "--help"]).ExitCode == 0
        : name == "foreach" || IsPublic(name);

    /// <summary>Whether there is a test of a name, <c>Class.Method</c>, among the pure ones or those against the kernel.</summary>
    public static bool IsTest(string name) =>
        name.Split('.') is [string type, string method] && TestFiles[type].Any(path => Regex.IsMatch(
            File.ReadAllText(path), $@"\[(Fact|Theory)[^\n]*(\n *\[[^\n]*)*\n *public (async )?\w+ {Regex.Escape(method)}\("));

    private static bool IsPublic(string name)
    {
        Match parts = Name().Match(name);
        if (!parts.Success)
            return false;
        int parameters = parts.Groups["parameters"] is { Success: true } list ? list.Value.Count(',') + 1 : 0;
        string typeName = parameters == 0 ? parts.Groups["type"].Value : $"{parts.Groups["type"].Value}`{parameters}";
        Group member = parts.Groups["member"];
        return PublicTypes.Any(type => type.Name == typeName && (!member.Success || type.GetMember(member.Value, BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Length > 0));
    }

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^(?<type>\w+)(?:<(?<parameters>[^>]+)>)?(?:\.(?<member>\w+))?$")]
    private static partial Regex Name();
}
