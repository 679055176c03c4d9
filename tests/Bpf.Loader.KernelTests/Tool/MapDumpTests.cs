using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary>What <c>bpf map dump --json</c> and bpftool say of the same maps.</summary>
[AnyKernel]
public sealed class MapDumpTests : KernelTest
{
    public static TheoryData<string> Objects => ["maps_simple", "maps_inner", "maps_special", "maps_prog_array", "hook_struct_ops"];

    [Theory]
    [MemberData(nameof(Objects))]
    public void Dumps_have_the_entries_that_bpftool_shows(string name)
    {
        BpfObjectFile file = TestObjects.Open(name);
        // Timers came with 5.15; their map is older than that.
        if (!Requires.Has("bpf_timer_init")) foreach (Objects.BpfProgramDefinition program in file.Programs.Where(_ => name == "maps_special")) program.AutoLoad = program.Name == "lock";
        KernelPolicy.Permits(file);
        using BpfObject bpf = file.Load();
        var random = new Random(name.Length);
        int compared = 0;
        foreach (BpfMap map in bpf.Maps)
        {
            if (name == "maps_simple" && map.KeySize > 0 && !map.Name.Contains("rodata", StringComparison.Ordinal) && map.Type != BpfMapType.StackTrace)
                Fill(map, random);
            string id = map.Id.ToString(CultureInfo.InvariantCulture);
            if (map.KeySize == 0)
            {
                Assert.Contains("has no keys", BpfTool.Run("map", "dump", "id", id).Error, StringComparison.Ordinal);
                continue;
            }

            using var reference = JsonDocument.Parse(Shell.Run($"bpftool --json map dump id {id}"));
            // Places of an array that are empty are not shown here, and are errors there.
            JsonElement[] expected = [.. reference.RootElement.EnumerateArray().Where(entry => entry.TryGetProperty("values", out _) || entry.GetProperty("value").ValueKind == JsonValueKind.Array)];
            JsonElement[] lines = [.. BpfTool.Run("map", "dump", "id", id, "--json").Lines];
            Assert.Equal(expected.Length, lines.Length);
            for (int i = 0; i < lines.Length; i++)
            {
                AssertSame(map, expected[i], lines[i]);
                compared++;
            }
        }

        Assert.True(compared > 0);
    }

    // Small letters make numbers that are not negative and text that needs no quoting, whatever the types are.
    private static void Fill(BpfMap map, Random random)
    {
        for (int i = 0; i < 4; i++)
        {
            byte[] key = map.Type is BpfMapType.Array or BpfMapType.PerCpuArray ? BitConverter.GetBytes(i) : Letters(random, map.KeySize);
            if (map.Type == BpfMapType.LpmTrie) BitConverter.TryWriteBytes(key, 8 * (i + 1)); // how many bits count
            byte[] value = Letters(random, map.ValueBufferSize);
            map.Set(key, value);
        }
    }

    private static byte[] Letters(Random random, int length)
    {
        byte[] letters = new byte[length];
        for (int i = 0; i < length; i++) letters[i] = i % 4 == 3 ? (byte)0 : (byte)random.Next('a', 'z');
        return letters;
    }

    private static void AssertSame(BpfMap map, JsonElement expected, JsonElement line)
    {
        if (line.TryGetProperty("inner_map_id", out JsonElement held) || line.TryGetProperty("prog_id", out held))
        {
            Assert.Equal(Hex(expected.GetProperty("value")), Convert.ToHexStringLower(BitConverter.GetBytes(held.GetUInt32())));
            return;
        }

        bool isTyped = expected.TryGetProperty("formatted", out JsonElement formatted);
        if (line.TryGetProperty("key", out JsonElement key))
            Assert.True(JsonElement.DeepEquals(formatted.GetProperty("key"), key), $"{map.Name}: {key}");
        else
            Assert.Equal(Hex(expected.GetProperty("key")), line.GetProperty("key_hex").GetString());

        if (!isTyped)
            Assert.Equal(Hex(expected.GetProperty("value")), line.GetProperty("value_hex").GetString());
        else if (formatted.TryGetProperty("values", out JsonElement values))
            Assert.True(JsonElement.DeepEquals(values, line.GetProperty("values")), $"{map.Name}: {line}");
        else
            Assert.Equal(Flat(formatted.GetProperty("value")), Flat(line.GetProperty("value")));
    }

    // Two things are said in other ways: bpftool lists the variables of a section under its name, and shows pointers as numbers.
    private static string Flat(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && value.EnumerateObject().ToArray() is [{ Value.ValueKind: JsonValueKind.Array } section] && section.Name[0] == '.')
            return "{" + string.Join(",", section.Value.EnumerateArray().SelectMany(one => one.EnumerateObject()).Select(Named)) + "}";
        return value.ValueKind switch
        {
            JsonValueKind.Object => "{" + string.Join(",", value.EnumerateObject().Select(Named)) + "}",
            JsonValueKind.Array => "[" + string.Join(",", value.EnumerateArray().Select(Flat)) + "]",
            JsonValueKind.String when value.GetString() is ['0', 'x', .. string digits] => ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture),
            _ => value.GetRawText(),
        };

        static string Named(JsonProperty one) => $"{one.Name}:{Flat(one.Value)}";
    }

    private static string Hex(JsonElement bytes) =>
        string.Concat(bytes.EnumerateArray().Select(one => one.GetString()![2..]));
}
