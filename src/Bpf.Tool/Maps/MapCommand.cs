using System.CommandLine;
using System.Runtime.Versioning;
using Bpf.Tool.Commands;

namespace Bpf.Tool.Maps;

/// <summary><c>bpf map</c>: the maps of the system, in the words of bpftool.</summary>
[SupportedOSPlatform("linux")]
internal static class MapCommand
{
    private const string Map = MapSelector.Grammar;

    private const string Data = "Keys and values have the types that the map's BTF says: 5, '{\"pid\": 12}', NAME_OF_AN_ENUMERATOR; "
        + "or are bytes, as in 'key 1 0 0 0x2f' and 'key hex 01 00 00 2f'.";

    /// <summary>Makes the command and those below it.</summary>
    public static Command Create() => KernelCommand.Group(
        "map", $"Shows and changes the maps of this system. {Data}", MapList.Run,
        KernelCommand.Create("map list|show", "Shows maps, what they are, and who keeps them: all, or some.", $"[{Map}]", MapList.Run),
        KernelCommand.Create("map dump", "Shows all entries.", Map, MapDump.Run),
        KernelCommand.Create("map lookup", "Shows an entry.", $"{Map} key KEY", MapElements.Lookup),
        KernelCommand.Create(
            "map update", "Adds or replaces an entry; a value of a map of maps is a map, one of a program array a program, in the words of 'bpf prog'.",
            $"{Map} [key KEY] value VALUE [any | noexist | exist]", MapElements.Update),
        KernelCommand.Create("map delete", "Removes an entry.", $"{Map} key KEY", MapElements.Delete),
        KernelCommand.Create("map getnext", "Shows the key behind another, or the first.", $"{Map} [key KEY]", MapElements.GetNext),
        KernelCommand.Create("map peek", "Shows the next value of a queue or stack.", Map, MapElements.Peek),
        KernelCommand.Create("map pop|dequeue", "Takes the next value out of a stack or queue.", Map, MapElements.Pop),
        KernelCommand.Create("map push|enqueue", "Puts a value into a stack or queue.", $"{Map} value VALUE", MapElements.Push),
        KernelCommand.Create(
            "map create", "Makes a map and pins it.",
            $"PATH type TYPE [key SIZE] [value SIZE] [entries N] [name NAME] [flags N] [inner_map {Map}]", MapLifetime.Create),
        KernelCommand.Create("map pin", "Pins a map, so that it stays; remove the file to end that.", $"{Map} PATH", MapLifetime.Pin),
        KernelCommand.Create("map freeze", "Makes a map read-only for user space, for ever.", Map, MapLifetime.Freeze),
        KernelCommand.Create(
            "map event_pipe", "Prints what programs send through a perf event array or ring buffer, until Ctrl-C.", Map, MapEventPipe.Run));
}
