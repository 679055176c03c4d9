using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Bpf.Loader.Tests.Tool;
using Xunit;

namespace Bpf.Loader.KernelTests.Tool;

/// <summary><c>bpf map</c>, against maps of this process.</summary>
[AnyKernel]
public sealed class MapTests : KernelTest
{
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"tool{Environment.ProcessId}");

    [Fact]
    public void Typed_entries_are_shown_and_set_as_json()
    {
        using BpfMap map = Typed();
        Run("update", "key", "{ \"pid\": 12, \"comm\": \"bash\", \"flags\": 5 }", "value", "4");
        Assert.Equal("{ \"pid\": 12, \"comm\": \"bash\", \"flags\": 5, \"kind\": \"READER\", \"pos\": [0, 0] } -> 4\n", Run("dump").Output);
        JsonElement line = Assert.Single(Run("dump", "--json").Lines);
        Assert.Equal(12, line.GetProperty("key").GetProperty("pid").GetInt32());
        Assert.Equal(4, line.GetProperty("value").GetInt32());

        // What dump prints is what update takes.
        string key = Run("dump").Output.Split(" -> ")[0].Replace("\"READER\"", "\"WRITER\"", StringComparison.Ordinal).Replace("[0, 0]", "[3, -4]", StringComparison.Ordinal);
        Run("update", "key", key, "value", "0x10", "noexist");
        Assert.Equal(key + " -> 16\n", Run("lookup", "key", key).Output);
        Assert.Equal(1, Try("update", "key", key, "value", "1", "noexist").ExitCode);
        Assert.Contains("EEXIST", Try("update", "key", key, "value", "1", "noexist").Error, StringComparison.Ordinal);
        Run("update", "key", key, "value", "17", "exist");
        Assert.Equal("{\"ok\":true}\n", Run("update", "key", key, "value", "18", "any", "--json").Output);
        Assert.Equal(18, Assert.Single(Run("lookup", "key", key, "--json").Lines).GetProperty("value").GetInt32());
        Run("delete", "key", key);
        Assert.Equal((1, ""), (Try("delete", "key", key).ExitCode, Try("delete", "key", key).Output));
        Assert.Contains("no such key", Try("lookup", "key", key).Error, StringComparison.Ordinal);
        Assert.Single(map.As<Key, int>());
    }

    [Fact]
    public void Bytes_are_taken_as_bpftool_takes_them()
    {
        using BpfMap map = Create(BpfMapType.Hash, 4, 4, 10);
        Run("update", "key", "1", "0", "0x10", "0", "value", "hex", "ff", "fe", "0", "1");
        Assert.Equal("01 00 10 00 -> ff fe 00 01\n", Run("dump").Output);
        Assert.Equal("{\"key_hex\":\"01001000\",\"value_hex\":\"fffe0001\"}\n", Run("dump", "--json").Output);
        Run("update", "key", "258", "value", "-1");
        Assert.Equal("02 01 00 00 -> ff ff ff ff\n", Run("lookup", "key", "0x102").Output);
        string bpftool = Shell.Run($"bpftool --json map lookup id {map.Id} key 2 1 0 0");
        Assert.Equal(["0xff", "0xff", "0xff", "0xff"], JsonDocument.Parse(bpftool).RootElement.GetProperty("value").EnumerateArray().Select(one => one.GetString()));

        string first = Run("getnext").Output.Trim();
        string[] both = Run("getnext", ["key", "hex", .. first.Split(' ')]).Output.Trim().Split(" -> ");
        Assert.Equal(first, both[0]);
        Assert.Equal(["01 00 10 00", "02 01 00 00"], both.Order());
        Assert.Contains("no key behind", Try("getnext", ["key", "hex", .. both[1].Split(' ')]).Error, StringComparison.Ordinal);
        JsonElement line = Assert.Single(Run("getnext", ["key", "hex", .. first.Split(' '), "--json"]).Lines);
        Assert.Equal(both[1].Replace(" ", "", StringComparison.Ordinal), line.GetProperty("next_key_hex").GetString());
    }

    [Fact]
    public void Queues_and_stacks_are_pushed_peeked_and_popped()
    {
        using (BpfMap queue = Create(BpfMapType.Queue, 0, 4, 4))
        {
            Run("push", "value", "1");
            Run("enqueue", "value", "2", "0", "0", "0");
            Assert.Equal("01 00 00 00\n", Run("peek").Output);
            Assert.Equal("01 00 00 00\n", Run("pop").Output);
            Assert.Equal("{\"value_hex\":\"02000000\"}\n", Run("dequeue", "--json").Output);
            Assert.Contains("It is empty", Try("pop").Error, StringComparison.Ordinal);
        }

        using BpfMap stack = Create(BpfMapType.Stack, 0, 4, 4);
        Run("push", "value", "1");
        Run("push", "value", "2");
        Assert.Equal("02 00 00 00\n", Run("pop").Output);
        Assert.Equal(2, Try("lookup", "key", "1").ExitCode);
    }

    [Fact]
    public void A_name_that_no_map_has_is_told_with_the_nearest()
    {
        using BpfMap map = Create(BpfMapType.Hash, 4, 4, 10);
        BpfTool dump = BpfTool.Run("map", "dump", "name", _name[..^1] + "~");
        Assert.Equal(1, dump.ExitCode);
        Assert.Contains($"Did you mean '{_name}'?", dump.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Did you mean", BpfTool.Run("map", "dump", "name", "zqxwvkjzqxwvkj").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_all_cpus_are_shown()
    {
        using BpfMap map = Create(BpfMapType.PerCpuArray, 4, 4, 1);
        Run("update", "key", "0", "value", "5");
        int[] values = new int[map.AsPerCpu<int, int>().CpuCount];
        map.AsPerCpu<int, int>().TryGet(0, values);
        Assert.All(values, value => Assert.Equal(5, value));
        values[0] = 6;
        map.AsPerCpu<int, int>().Set(0, values);
        Assert.StartsWith("00 00 00 00 -> [06 00 00 00, 05 00 00 00", Run("dump").Output, StringComparison.Ordinal);
        JsonElement first = Assert.Single(Run("dump", "--json").Lines).GetProperty("values")[0];
        Assert.Equal((0, "06000000"), (first.GetProperty("cpu").GetInt32(), first.GetProperty("value_hex").GetString()));
    }

    [Fact]
    public void Maps_and_programs_are_put_in_by_what_they_are_called()
    {
        using BpfMap inner = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "inner", KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        string number = inner.Id.ToString(CultureInfo.InvariantCulture);
        using (BpfMap outer = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.ArrayOfMaps, Name = _name, KeySize = 4, ValueSize = 4, MaxEntries = 2, InnerMap = inner }))
        {
            Run("update", "key", "1", "value", "id", number);
            Assert.Equal($"01 00 00 00 -> map {number}\n", Run("dump").Output);
            Assert.Equal(inner.Id, Assert.Single(Run("dump", "--json").Lines).GetProperty("inner_map_id").GetUInt32());
        }

        using TestProgram program = TestProgram.Load(new BpfAssembler().Return(0));
        using BpfMap array = Create(BpfMapType.ProgArray, 4, 4, 2);
        Run("update", "key", "0", "value", "id", program.Id.ToString(CultureInfo.InvariantCulture));
        Assert.Equal($"00 00 00 00 -> program {program.Id}\n", Run("dump").Output);
        JsonElement line = Assert.Single(Run("list", "--json").Lines);
        Assert.Equal("socket_filter", line.GetProperty("owner_prog_type").GetString());
    }

    [Fact]
    public void Maps_are_made_pinned_listed_and_frozen()
    {
        using var files = new TestFileSystem();
        string path = files["made"], second = files["second"];
        BpfTool create = BpfTool.Run("map", "create", path, "type", "lru_hash", "key", "4", "value", "8", "entries", "64", "name", _name);
        Assert.Equal((0, "", ""), (create.ExitCode, create.Output, create.Error));
        JsonElement line = Assert.Single(Run("show", "--json").Lines);
        Assert.Equal("lru_hash", line.GetProperty("type").GetString());
        Assert.Equal(64, line.GetProperty("max_entries").GetInt32());
        Assert.Equal([path], line.GetProperty("pinned").EnumerateArray().Select(one => one.GetString()));
        Assert.True(line.GetProperty("abandoned").GetBoolean());
        Assert.Contains("only the pin keeps it", Run("list").Output, StringComparison.Ordinal);
        Run("pin", second);
        using (BpfMap map = BpfMap.OpenPinned(second))
        {
            Assert.Equal((BpfMapType.LruHash, 8), (map.Type, map.ValueSize));
            Assert.Contains(BpfTool.Run("map", "list", "--json").Lines, one => one.GetProperty("id").GetUInt32() == map.Id);
            Assert.Contains(
                Environment.ProcessId, Assert.Single(Run("list", "--json").Lines).GetProperty("pids").EnumerateArray().Select(one => one.GetProperty("pid").GetInt32()));
        }

        Assert.Equal(0, BpfTool.Run("map", "freeze", "pinned", path).ExitCode);
        Assert.Equal(1, Assert.Single(Run("list", "--json").Lines).GetProperty("frozen").GetInt32());
        BpfTool update = BpfTool.Run("map", "update", "pinned", path, "key", "1", "value", "2");
        Assert.Equal(1, update.ExitCode);
        Assert.Contains("frozen", update.Error, StringComparison.Ordinal);
        BpfTool again = BpfTool.Run("map", "create", path, "type", "array", "key", "4", "value", "8", "entries", "1");
        Assert.Contains("EEXIST", again.Error, StringComparison.Ordinal);
        File.Delete(path);
        File.Delete(second);
        BpfTool outside = BpfTool.Run("map", "create", Path.Combine(Path.GetTempPath(), "map"), "type", "array", "key", "4", "value", "8", "entries", "1");
        Assert.Equal(1, outside.ExitCode);
        Assert.Contains("mount -t bpf", outside.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_are_printed_until_a_signal()
    {
        using var events = new EventProgram();
        using Process pipe = BpfTool.Start("map", "event_pipe", "id", events.Ring.Id.ToString(CultureInfo.InvariantCulture), "--json");
        events.Run(2);
        for (int i = 0; i < 2; i++)
        {
            JsonElement line = JsonDocument.Parse(pipe.StandardOutput.ReadLine()!).RootElement;
            Assert.Equal(Convert.ToHexStringLower(BitConverter.GetBytes((long)i)), line.GetProperty("@data").GetString());
        }

        Shell.Run($"kill -INT {pipe.Id}");
        pipe.WaitForExit();
        Assert.Equal(0, pipe.ExitCode);
    }

    [Theory]
    [InlineData("map lookup")]
    [InlineData("map lookup id many key 1")]
    [InlineData("map dump nowhere 1")]
    [InlineData("map create /sys/fs/bpf/x key 4")]
    [InlineData("map create /sys/fs/bpf/x type nonsense")]
    [InlineData("map create /sys/fs/bpf/x type hash size 4")]
    public void Wrong_words_are_wrong_usage(string line)
    {
        BpfTool tool = BpfTool.Run(line.Split(' '));
        Assert.Equal((2, ""), (tool.ExitCode, tool.Output));
        Assert.Contains("--help", tool.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("update key 1 value 1 2 3")]
    [InlineData("update key 1 2 3 4 5 value 1")]
    [InlineData("update key 1 value 300 0 0 0")]
    [InlineData("update key 1 value 1 exist more")]
    [InlineData("update key 1")]
    [InlineData("lookup key")]
    [InlineData("lookup key word")]
    [InlineData("dump all")]
    [InlineData("event_pipe")]
    public void Wrong_data_is_wrong_usage(string line)
    {
        using BpfMap map = Create(BpfMapType.Hash, 4, 4, 4);
        string[] words = line.Split(' ');
        BpfTool tool = Try(words[0], words[1..]);
        Assert.Equal((2, ""), (tool.ExitCode, tool.Output));
    }

    private BpfTool Try(string command, params string[] words) => BpfTool.Run(["map", command, "name", _name, .. words]);

    private BpfTool Run(string command, params string[] words)
    {
        BpfTool tool = Try(command, words);
        Assert.Equal((0, ""), (tool.ExitCode, tool.Error));
        return tool;
    }

    private BpfMap Create(BpfMapType type, int keySize, int valueSize, uint entries) =>
        BpfMap.Create(new BpfMapCreateOptions { Type = type, Name = _name, KeySize = keySize, ValueSize = valueSize, MaxEntries = entries });

    private BpfMap Typed()
    {
        var types = new BtfBuilder();
        BtfTypeId integer = types.AddInt("int", 4, BtfIntEncoding.Signed), character = types.AddInt("char", 1, BtfIntEncoding.Char);
        BtfTypeId word = types.AddInt("unsigned int", 4);
        BtfTypeId comm = types.AddArray(character, word, 8), pair = types.AddArray(integer, word, 2);
        BtfTypeId kind = types.AddEnum("kind", 4);
        types.AddEnumerator("READER", 0);
        types.AddEnumerator("WRITER", 1);
        BtfTypeId key = types.AddStruct("key", 28);
        types.AddMember("pid", integer, 0);
        types.AddMember("comm", comm, 32);
        types.AddMember("flags", word, 96);
        types.AddMember("kind", kind, 128);
        types.AddMember("pos", pair, 160);
        return BpfMap.Create(new BpfMapCreateOptions
        {
            Type = BpfMapType.Hash,
            Name = _name,
            KeySize = 28,
            ValueSize = 4,
            MaxEntries = 4,
            Btf = types.ToReader(),
            KeyType = key,
            ValueType = integer,
        });
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Sequential, Size = 28)]
    private readonly struct Key;
}
