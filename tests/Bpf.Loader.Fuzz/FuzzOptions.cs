using System;
using System.Globalization;
using System.Linq;
using Bpf.Loader.Fuzz.Targets;

namespace Bpf.Loader.Fuzz;

/// <summary>What the command line says.</summary>
internal sealed record FuzzOptions
{
    public const string Usage = """
        Gives damaged files and texts to the library, and looks at what comes of it.

          --inputs N       how many, over all targets (30000)
          --seed S         the seed of all of them (1)
          --only TARGET    one target only; --list names them
          --input N        this one input only, here in this process, with the whole exception
          --save FILE      with --input: writes the input to a file
          --replay FILE    gives a file to the target of --only
          --afl            gives what AFL sends to the target of --only, again and again (build/fuzz.sh --afl)
          --jobs N         how many processes run side by side (one for each CPU)
          --watchdog S     ends a process that computes longer than so many seconds for one input; never by default
          --store FOLDER   where inputs that fail are put
          --xml FILE       writes the results as xunit does
          --list           names the targets
          --check          looks whether faults that are made on purpose are found
        """;

    public long Inputs { get; private init; } = 30_000;

    public ulong Seed { get; private init; } = 1;

    public FuzzTarget? Only { get; private init; }

    public long? Input { get; private init; }

    public string? Save { get; private init; }

    public string? Replay { get; private init; }

    public bool IsAfl { get; private init; }

    public int Jobs { get; private init; } = Environment.ProcessorCount;

    public TimeSpan? Watchdog { get; init; }

    public string? Store { get; private init; }

    public string? Xml { get; private init; }

    public bool IsList { get; private init; }

    public bool IsCheck { get; private init; }

    /// <summary>The file in which a worker says what it is at; it works from <see cref="Input"/> on, for <see cref="Inputs"/>.</summary>
    public string? Worker { get; private init; }

    /// <exception cref="FormatException">They are none.</exception>
    public static FuzzOptions Parse(string[] words)
    {
        var options = new FuzzOptions();
        for (int i = 0; i < words.Length; i++)
        {
            string name = words[i];
            options = name switch
            {
                "--inputs" => options with { Inputs = Number(Next()) },
                "--seed" => options with { Seed = (ulong)Number(Next()) },
                "--only" => options with { Only = Target(Next()) },
                "--input" => options with { Input = Number(Next()) },
                "--save" => options with { Save = Next() },
                "--replay" => options with { Replay = Next() },
                "--afl" => options with { IsAfl = true },
                "--jobs" => options with { Jobs = (int)Number(Next()) },
                "--watchdog" => options with { Watchdog = TimeSpan.FromSeconds(Number(Next())) },
                "--store" => options with { Store = Next() },
                "--xml" => options with { Xml = Next() },
                "--list" => options with { IsList = true },
                "--check" => options with { IsCheck = true },
                "--worker" => options with { Worker = Next() },
                _ => throw new FormatException($"There is no option {name}."),
            };

            string Next() => ++i < words.Length ? words[i] : throw new FormatException($"{name}: the value is missing.");
        }

        bool needsTarget = options.Input is not null || options.Replay is not null || options.IsAfl || options.Worker is not null;
        return needsTarget && options.Only is null ? throw new FormatException("Name the target with --only.") : options;
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw new FormatException($"'{text}' is no number.");

    private static FuzzTarget Target(string name) =>
        TargetList.All.Concat(TargetList.OnPurpose.Keys).FirstOrDefault(target => target.Name == name)
        ?? throw new FormatException($"There is no target '{name}'; there are: {string.Join(", ", TargetList.All.Select(target => target.Name))}.");
}
