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
        Add("list", "[MAP]", "Shows the maps, what they are, and who keeps them.", "show");
        Add("dump", "MAP", "Shows all entries.");
        Add("lookup", "MAP key KEY", "Shows an entry.");
        Add("update", "MAP [key KEY] value VALUE [any|noexist|exist]", "Adds or replaces an entry; a value of a map of maps is a MAP, one of a program array a program.");
        Add("delete", "MAP key KEY", "Removes an entry.");
        Add("getnext", "MAP [key KEY]", "Shows the key behind another, or the first.");
        Add("peek", "MAP", "Shows the next value of a queue or stack.");
        Add("pop", "MAP", "Takes the next value out of a stack or queue.", "dequeue");
        Add("push", "MAP value VALUE", "Puts a value into a stack or queue.", "enqueue");
        Add(
            "create",
            "PATH type TYPE [key SIZE] [value SIZE] [entries N] [name NAME] [flags N] [inner_map MAP]",
            "Makes a map and pins it.");
        Add("pin", "MAP PATH", "Pins a map, so that it stays; remove the file to end that.");
        Add("freeze", "MAP", "Makes a map read-only for user space, for ever.");
        Add("event_pipe", "MAP", "Prints what programs send through a perf event array or ring buffer, until Ctrl-C.");
        return command;

        void Add(string name, string words, string description, params string[] aliases)
        {
            Argument<string[]> arguments = new(words) { Arity = ArgumentArity.ZeroOrMore };
            Option<bool> json = CommonOptions.Json();
            var one = new Command(name, description) { arguments, json };
            foreach (string alias in aliases)
                one.Aliases.Add(alias);
            one.SetAction(result => OperatingSystem.IsLinux()
                ? Run(new MapWords(name, result.GetValue(arguments) ?? []), result.GetValue(json))
                : CommandLine.RefuseSystem("map"));
            command.Add(one);
        }
    }

    [SupportedOSPlatform("linux")]
    private static void Run(MapWords words, JsonLines? json)
    {
        switch (words.Command)
        {
            case "list":
                MapList.Run(words, json);
                break;
            case "dump":
                MapElements.Dump(words, json);
                break;
            case "lookup":
                MapElements.Lookup(words, json);
                break;
            case "update":
                MapElements.Update(words, json);
                break;
            case "delete":
                MapElements.Delete(words, json);
                break;
            case "getnext":
                MapElements.GetNext(words, json);
                break;
            case "peek":
                MapElements.Take(words, json, remove: false);
                break;
            case "pop":
                MapElements.Take(words, json, remove: true);
                break;
            case "push":
                MapElements.Push(words, json);
                break;
            case "create":
                MapLifetime.Create(words, json);
                break;
            case "pin":
                MapLifetime.Pin(words, json);
                break;
            case "freeze":
                MapLifetime.Freeze(words, json);
                break;
            default:
                MapEventPipe.Run(words, json is not null);
                break;
        }
    }

    [SupportedOSPlatform("linux")]
    private static int Run(MapWords words, bool asJson)
    {
        try
        {
            using JsonLines? json = asJson ? new JsonLines() : null;
            Run(words, json);
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
