using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary>Runs bpftool, to compare what it prints and does.</summary>
internal static class BpftoolRun
{
    private const string Path = "/usr/sbin/bpftool";

    /// <summary>Skips the test where there is no bpftool.</summary>
    public static void Require() => Assert.SkipUnless(File.Exists(Path), "bpftool is not installed");

    /// <summary>What it prints for people.</summary>
    public static string Text(string words) => Shell.Run($"{Path} {words}");

    /// <summary>What it prints for programs: the elements of its array, the one value, or nothing.</summary>
    public static JsonElement[] Elements(string words)
    {
        string text = Shell.Run($"{Path} -j {words}");
        if (string.IsNullOrWhiteSpace(text)) return []; // of a cgroup without programs
        JsonElement root = JsonDocument.Parse(text).RootElement;
        return root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root];
    }

    /// <summary>The one of a list with a number.</summary>
    public static JsonElement WithId(IEnumerable<JsonElement> list, uint id) => Assert.Single(list, item => item.GetProperty("id").GetUInt32() == id);

    /// <summary>Holds that all that bpftool says is said, by the same names and with the same values; more may be said.</summary>
    /// <param name="theirs">What bpftool printed.</param>
    /// <param name="ours">What is compared.</param>
    /// <param name="but">Names of members that are not compared.</param>
    public static void AssertSaid(JsonElement theirs, JsonElement ours, params string[] but)
    {
        if (theirs.ValueKind == JsonValueKind.Object && ours.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty member in theirs.EnumerateObject())
            {
                if (but.Contains(member.Name)) continue;
                Assert.True(ours.TryGetProperty(member.Name, out JsonElement value), $"'{member.Name}' of {theirs} is missing in {ours}");
                AssertSaid(member.Value, value, but);
            }
        }
        else if (theirs.ValueKind == JsonValueKind.Array && ours.ValueKind == JsonValueKind.Array && theirs.GetArrayLength() == ours.GetArrayLength())
        {
            for (int i = 0; i < theirs.GetArrayLength(); i++) AssertSaid(theirs[i], ours[i], but);
        }
        else
        {
            Assert.True(JsonElement.DeepEquals(theirs, ours), $"bpftool says {theirs.GetRawText()}, and this: {ours.GetRawText()}");
        }
    }
}
