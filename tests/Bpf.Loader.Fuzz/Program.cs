using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Fuzz;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Fuzz.Running;
using Bpf.Loader.Fuzz.Targets;
using SharpFuzz;

FuzzOptions options;
try
{
    options = FuzzOptions.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine($"{e.Message}\n\n{FuzzOptions.Usage}");
    return 2;
}

if (options.IsList)
{
    foreach (FuzzTarget target in TargetList.All) Console.WriteLine(target.Name);
    return 0;
}

if (options.Worker is { } progress)
{
    Worker.Run(options.Only!, options.Seed, options.Input ?? 0, options.Inputs, progress);
    return 0;
}

if (options.IsAfl)
{
    // SharpFuzz runs this program once more as the child that may crash; what it writes is not AFL's.
    Console.SetOut(TextWriter.Null);
    Fuzzer.OutOfProcess.Run(stream =>
    {
        var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        Trial trial = Trial.Run(options.Only!, bytes.ToArray());
        if (trial.Verdict == Verdict.Failed) throw new OracleException(trial.Fault!);
    });
    return 0;
}

if (options.IsCheck) return SelfCheck.Run(options);
if (options.Replay is { } file) return Show(options.Only!, File.ReadAllBytes(file));
if (options.Input is { } input)
{
    byte[] bytes = options.Only!.Make(new FuzzRandom(options.Seed, options.Only.Name, input));
    if (options.Save is { } path) File.WriteAllBytes(path, bytes);
    return Show(options.Only, bytes);
}

FuzzTarget[] targets = options.Only is { } only ? [only] : [.. TargetList.All];
long shares = targets.Sum(target => target.Share);
IReadOnlyList<TargetResult> results = new Supervisor(options).Run([.. targets.Select(target => (target, (options.Inputs * target.Share + shares - 1) / shares))]);
var report = new Report(options, results);
report.Print(Console.Out);
if (options.Store is { } folder) report.Store(folder);
if (options.Xml is { } xml) report.WriteXml(xml);
return results.Any(result => result.Failed > 0) ? 1 : 0;

static int Show(FuzzTarget target, byte[] input)
{
    TextWriter output = Console.Out;
    Console.SetOut(TextWriter.Null);
    Trial? trial = null;
    Trial.OnSmallStack(() => trial = Trial.Run(target, input));
    output.WriteLine($"{trial!.Verdict}{(trial.Fault is { } fault ? ": " + fault : "")}, {input.Length} bytes, {trial.Allocated} allocated");
    if (trial.Exception is not null) output.WriteLine(trial.Exception);
    return trial.Verdict == Verdict.Failed ? 1 : 0;
}
