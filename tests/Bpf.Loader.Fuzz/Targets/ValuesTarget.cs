using System;
using System.IO;
using System.Text;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Tool;
using Bpf.Tool.Maps;
using Bpf.Tool.Output;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>Values of damaged types: shown as text and as JSON; and words and JSON made into bytes.</summary>
internal sealed class ValuesTarget() : FuzzTarget("values")
{
    private const int MaximumSize = 4096;

    private static readonly BtfValueFormatOptions Few = new() { MaximumPieces = 500, MaximumElements = 50 };
    private static readonly string[] Words =
    [
        "1", "-1", "0x10", "true", "'a'", "\"text\"", "1,2,3", "1.5", "{}", "[]", "[1,2,3]", "{\"a\":1,\"b\":[2,3]}", "{\"pid\":1,\"comm\":\"x\",\"a\":{\"b\":{\"c\":1}}}", "null",
        "[[1],[2]]", "{\"key\":\"0xffff\"}", "ONE", "hex 01 02 03 04", "1 2 3 4", "1 2 3 4 5 6 7 8", "0 0 0 0", "{\"value\":{\"flags\":1}}", "99999999999999999999999",
    ];

    public override int Share => 6;

    // A value of every type, of up to 4 KiB, shown twice as text and as JSON.
    public override long AllocationBase => 32 << 20;

    public override byte[] Make(FuzzRandom random)
    {
        byte[] types = Seeds.MutatedTypes(random);
        return Parcel.Pack(types, Parcel.Text(random.Once(3) ? random.Pick(Words) : TextMutator.Mutate(random.Pick(Words), random, Words)), random.Bytes(random.Next(80)));
    }

    public override bool IsRefusal(Exception exception) => exception is BpfLoaderException or UsageException;

    public override void Run(byte[] input)
    {
        byte[][] parts = Parcel.Unpack(input, 3);
        BtfReader btf = BtfReader.Read(parts[0]);
        string text = Encoding.UTF8.GetString(parts[1]);
        var formatter = new BtfValueFormatter(btf, Few);
        Exception? refusal = null;
        for (int i = 0; i < btf.TypeCount; i++)
        {
            BtfTypeId id = new(i);
            Show(formatter, id, parts[2]);
            if (!btf.TryGetSize(id, out uint size) || size is 0 or > MaximumSize) continue;
            byte[]? value = null;
            try
            {
                value = MapData.Parse("value", btf, id, (int)size, text.Split(' '));
                Oracle.Require(value.Length == (int)size, "a value of another size");
            }
            catch (Exception e) when (IsRefusal(e))
            {
                refusal ??= e;
            }

            byte[] shown = Show(formatter, id, value ?? new byte[size]);
            Read(btf, id, parts[1], size);
            if (Read(btf, id, shown, size) is { } again) Oracle.Require(again.AsSpan().SequenceEqual(Read(btf, id, Show(formatter, id, again), size)), "a value that was read is read as another");
        }

        if (refusal is not null) throw refusal;
    }

    // What is no JSON, or none of a value of the type, is refused.
    private static byte[]? Read(BtfReader btf, BtfTypeId id, byte[] json, uint size)
    {
        byte[] bytes = new byte[size];
        try
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read()) return null;
            new BtfJsonReader(btf, refusesUnknown: false).Value(ref reader, id, bytes);
            return bytes;
        }
        catch (Exception e) when (e is JsonException or BpfFormatException)
        {
            return null;
        }
    }

    private static byte[] Show(BtfValueFormatter formatter, BtfTypeId id, byte[] data)
    {
        var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, JsonLines.Options)) formatter.WriteJson(writer, id, data);
        Oracle.Json(output.ToArray(), "a value as JSON");
        var shown = new StringBuilder();
        formatter.Append(shown, id, data);
        return output.ToArray();
    }
}
