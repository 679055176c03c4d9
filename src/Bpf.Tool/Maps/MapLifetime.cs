using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Maps;
using Bpf.Tool.Commands;
using Bpf.Tool.Output;

namespace Bpf.Tool.Maps;

/// <summary>The commands that make, pin and freeze maps.</summary>
[SupportedOSPlatform("linux")]
internal static class MapLifetime
{
    public static void Create(Words words, JsonLines? json)
    {
        string path = words.Take("the path to pin it at");
        var options = new BpfMapCreateOptions { Type = BpfMapType.Unspecified };
        BpfMap? inner = null;
        try
        {
            while (!words.AtEnd)
            {
                string word = words.Take("an option");
                options = word switch
                {
                    "type" => options with { Type = KernelNames.ParseMapType(words.Take("the type")) },
                    "key" => options with { KeySize = checked((int)words.TakeNumber("size of keys")) },
                    "value" => options with { ValueSize = checked((int)words.TakeNumber("size of values")) },
                    "entries" => options with { MaxEntries = words.TakeNumber("number of entries") },
                    "name" => options with { Name = words.Take("the name") },
                    "flags" => options with { Flags = (BpfMapFlags)words.TakeNumber("number of flags") },
                    "inner_map" => options with { InnerMap = inner = MapSelector.TakeOne(words) },
                    _ => throw new UsageException($"'{word}' is none of type, key, value, entries, name, flags, inner_map."),
                };
            }

            if (options.Type == BpfMapType.Unspecified)
                throw new UsageException("Say which type, such as 'type hash'.");
            if (options.Name.Length == 0)
                options = options with { Name = Path.GetFileName(path) is { Length: > 15 } name ? name[..15] : Path.GetFileName(path) };
            using BpfMap map = BpfMap.Create(options);
            map.Pin(path);
            MapElements.Done(json);
        }
        finally
        {
            inner?.Dispose();
        }
    }

    public static void Pin(Words words, JsonLines? json)
    {
        // A map that is pinned already may have another pin.
        using BpfMap map = MapSelector.TakeOne(words);
        string path = words.Take("the path");
        words.End();
        using BpfMap unpinned = map.Duplicate();
        unpinned.Pin(path);
        MapElements.Done(json);
    }

    public static void Freeze(Words words, JsonLines? json)
    {
        using BpfMap map = MapSelector.TakeOne(words);
        words.End();
        map.Freeze();
        MapElements.Done(json);
    }
}
