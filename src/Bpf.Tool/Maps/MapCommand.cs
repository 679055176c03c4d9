using System;
using System.CommandLine;
using System.IO;
using System.Runtime.Versioning;
using Bpf.Tool.Commands;
using Bpf.Tool.Output;

namespace Bpf.Tool.Maps;

/// <summary><c>bpf map</c>: the maps of the system, in the words of bpftool.</summary>
internal static class MapCommand
{
    private const string Map = "'id N', 'name NAME' or 'pinned PATH'";

    private const string Data = "Keys and values have the types that the map's BTF says: 5, '{\"pid\": 12}', NAME_OF_AN_ENUMERATOR; "
        + "or are bytes, as in 'key 1 0 0 0x2f' and 'key hex 01 00 00 2f'.";

    /// <summary>Makes the command and those below it.</summary>
    public static Command Create()
    {
        var command = new Command("map", $"Shows and changes the maps of the system. A map is {Map}. {Data}");
        Add("list", "[MAP]", "Shows the maps, what they are, and who keeps them.", MapList.Run, "show");
        Add("dump", "MAP", "Shows all entries.", MapElements.Dump);
        Add("lookup", "MAP key KEY", "Shows an entry.", MapElements.Lookup);
        Add("update", "MAP [key KEY] value VALUE [any|noexist|exist]", "Adds or replaces an entry; a value of a map of maps is a MAP, one of a program array a program.", MapElements.Update);
        Add("delete", "MAP key KEY", "Removes an entry.", MapElements.Delete);
        Add("getnext", "MAP [key KEY]", "Shows the key behind another, or the first.", MapElements.GetNext);
        Add("peek", "MAP", "Shows the next value of a queue or stack.", static (words, json) => MapElements.Take(words, json, remove: false));
        Add("pop", "MAP", "Takes the next value out of a stack or queue.", static (words, json) => MapElements.Take(words, json, remove: true), "dequeue");
        Add("push", "MAP value VALUE", "Puts a value into a stack or queue.", MapElements.Push, "enqueue");
        Add(
            "create",
            "PATH type TYPE [key SIZE] [value SIZE] [entries N] [name NAME] [flags N] [inner_map MAP]",
            "Makes a map and pins it.",
            MapLifetime.Create);
        Add("pin", "MAP PATH", "Pins a map, so that it stays; remove the file to end that.", MapLifetime.Pin);
        Add("freeze", "MAP", "Makes a map read-only for user space, for ever.", MapLifetime.Freeze);
        Add("event_pipe", "MAP", "Prints what programs send through a perf event array or ring buffer, until Ctrl-C.", null);
        return command;

        void Add(string name, string words, string description, Action<MapWords, JsonLines?>? run, params string[] aliases)
        {
            Argument<string[]> arguments = new(words) { Arity = ArgumentArity.ZeroOrMore };
            Option<bool> json = CommonOptions.Json();
            var one = new Command(name, description) { arguments, json };
            foreach (string alias in aliases)
                one.Aliases.Add(alias);
            one.SetAction(result => OperatingSystem.IsLinux()
                ? Run(new MapWords(name, result.GetValue(arguments) ?? []), result.GetValue(json), run)
                : CommandLine.RefuseSystem("map"));
            command.Add(one);
        }
    }

    [SupportedOSPlatform("linux")]
    private static int Run(MapWords words, bool asJson, Action<MapWords, JsonLines?>? run)
    {
        try
        {
            using JsonLines? json = asJson ? new JsonLines() : null;
            if (run is null)
                MapEventPipe.Run(words, asJson);
            else
                run(words, json);
            return ExitCode.Done;
        }
        catch (UsageException e)
        {
            return CommandLine.RefuseUsage($"map {words.Command}", e.Message);
        }
        catch (Exception e) when (e is IOException && Console.IsOutputRedirected)
        {
            // A closed pipe is how 'head' says that it has enough.
            return ExitCode.Done;
        }
#pragma warning disable CA1031 // Whatever goes wrong is reported, and has an exit code.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Console.Error.WriteLine($"bpf: {Printable.Lines(Failure.Of(e).Message)}");
            return ExitCode.Refused;
        }
    }
}
