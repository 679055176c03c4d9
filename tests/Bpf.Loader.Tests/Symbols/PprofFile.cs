using System.Collections.Generic;
using System.IO;
using System.IO.Compression;
using System.Linq;
using Google.Protobuf;

namespace Bpf.Loader.Tests.Symbols;

/// <summary>Reads what pprof reads, by the numbers of profile.proto, with another half of the library than that which wrote it.</summary>
internal sealed class PprofFile
{
    private readonly List<string> _texts = [];
    private readonly Dictionary<int, List<byte[]>> _messages = [];
    private readonly Dictionary<int, long> _numbers = [];

    public IEnumerable<(string Type, string Unit)> SampleTypes => Messages(1).Select(type => (Text(type, 1), Text(type, 2)));

    public long Period => _numbers[12];

    public long Duration => _numbers[10];

    public IEnumerable<(string File, string BuildId)> Mappings => Messages(3).Select(mapping => (Text(mapping, 5), Text(mapping, 6)));

    public IEnumerable<ulong> Addresses => Messages(4).Select(location => (ulong)location.Numbers.GetValueOrDefault(3));

    public IEnumerable<(string Name, string Raw, string File)> Functions => Messages(5).Select(function => (Text(function, 2), Text(function, 3), Text(function, 4)));

    /// <summary>Samples as names, innermost first, with their values and labels.</summary>
    public IEnumerable<string> Samples => Messages(2).Select(sample =>
    {
        IEnumerable<string> names = Packed(sample.Bytes[1][0]).Select(NameOf);
        string labels = string.Concat(sample.Bytes.GetValueOrDefault(3, []).Select(Decode).Select(label => $" {Text(label, 1)}={label.Numbers[3]}"));
        return $"{string.Join(' ', names)}: {string.Join(' ', Packed(sample.Bytes[2][0]))}{labels}";
    });

    public static PprofFile Read(byte[] compressed)
    {
        using var gzip = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        using var plain = new MemoryStream();
        gzip.CopyTo(plain);
        var file = new PprofFile();
        Message all = Decode(plain.ToArray());
        foreach ((int field, List<byte[]> values) in all.Bytes)
        {
            if (field == 6) file._texts.AddRange(values.Select(System.Text.Encoding.UTF8.GetString));
            else file._messages.Add(field, values);
        }

        foreach ((int field, long value) in all.Numbers) file._numbers.Add(field, value);
        return file;
    }

    private string NameOf(long location)
    {
        Message place = Messages(4).Single(candidate => candidate.Numbers[1] == location);
        long function = Decode(place.Bytes[4][0]).Numbers[1];
        return Text(Messages(5).Single(candidate => candidate.Numbers[1] == function), 2);
    }

    private IEnumerable<Message> Messages(int field) => _messages.GetValueOrDefault(field, []).Select(Decode);

    private string Text(Message message, int field) => _texts[(int)message.Numbers.GetValueOrDefault(field)];

    private static List<long> Packed(byte[] bytes)
    {
        var input = new CodedInputStream(bytes);
        List<long> values = [];
        while (!input.IsAtEnd) values.Add(input.ReadInt64());
        return values;
    }

    private static Message Decode(byte[] bytes)
    {
        var input = new CodedInputStream(bytes);
        var message = new Message([], []);
        while (!input.IsAtEnd)
        {
            uint tag = input.ReadTag();
            int field = WireFormat.GetTagFieldNumber(tag);
            if (WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint)
            {
                message.Numbers.Add(field, input.ReadInt64());
                continue;
            }

            if (!message.Bytes.TryGetValue(field, out List<byte[]>? values)) message.Bytes.Add(field, values = []);
            values.Add(input.ReadBytes().ToByteArray());
        }

        return message;
    }

    private sealed record Message(Dictionary<int, long> Numbers, Dictionary<int, List<byte[]>> Bytes);
}
