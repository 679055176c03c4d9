using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security;
using System.Text;
using Bpf.Loader.Fuzz.Mutation;

namespace Bpf.Loader.Fuzz.Running;

/// <summary>Says what came of all inputs.</summary>
internal sealed class Report(FuzzOptions options, IReadOnlyList<TargetResult> results)
{
    private const int Examples = 3;

    /// <summary>Prints a table of the targets, and behind it what went wrong and how each is repeated.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine($"{"target",-14} {"inputs",9} {"accepted",9} {"refused",9} {"failed",7}  {"slowest",16}  {"largest",18}");
        foreach (TargetResult result in results)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.Target.Name,-14} {result.Inputs,9} {result.Accepted,9} {result.Refused,9} {result.Failed,7}  {result.Slowest.TotalMilliseconds,6:0} ms {"#" + result.SlowestInput,-8} {result.Allocated / 1024.0,8:0} KB {"#" + result.AllocatedInput,-8}"));
        }

        output.WriteLine($"{"all",-14} {results.Sum(result => result.Inputs),9} {results.Sum(result => result.Accepted),9} {results.Sum(result => result.Refused),9} {results.Sum(result => result.Failed),7}");
        foreach (TargetResult result in results)
        {
            foreach ((string fault, IReadOnlyList<long> inputs) in result.Faults)
            {
                output.WriteLine();
                output.WriteLine($"{result.Target.Name}: {fault} ({inputs.Count} inputs)");
                foreach (long input in inputs.Order().Take(Examples)) output.WriteLine($"  again: build/fuzz.sh {Again(result.Target, input)}");
            }
        }
    }

    /// <summary>Puts the first inputs of each fault into a folder.</summary>
    public void Store(string folder)
    {
        foreach (TargetResult result in results)
        {
            foreach ((string _, IReadOnlyList<long> inputs) in result.Faults)
            {
                Directory.CreateDirectory(folder);
                foreach (long input in inputs.Order().Take(Examples))
                    File.WriteAllBytes(Path.Combine(folder, $"{result.Target.Name}-{options.Seed}-{input}"), result.Target.Make(new FuzzRandom(options.Seed, result.Target.Name, input)));
            }
        }
    }

    /// <summary>Writes the results as xunit does, an assembly with a test for each target, so that they are counted as tests are.</summary>
    public void WriteXml(string path)
    {
        int failed = results.Count(result => result.Failed > 0);
        var text = new StringBuilder();
        text.AppendLine("<assemblies>");
        text.AppendLine(CultureInfo.InvariantCulture, $"<assembly name=\"Bpf.Loader.Fuzz\" total=\"{results.Count}\" passed=\"{results.Count - failed}\" failed=\"{failed}\" skipped=\"0\" errors=\"0\">");
        text.AppendLine("<collection name=\"targets\">");
        foreach (TargetResult result in results)
        {
            string name = $"{result.Target.Name}: {result.Inputs} inputs";
            text.Append(CultureInfo.InvariantCulture, $"<test name=\"{name}\" type=\"Bpf.Loader.Fuzz\" method=\"{result.Target.Name}\" time=\"0\" result=\"{(result.Failed > 0 ? "Fail" : "Pass")}\">");
            foreach ((string fault, IReadOnlyList<long> inputs) in result.Faults.Take(1))
                text.Append(CultureInfo.InvariantCulture, $"<failure><message>{SecurityElement.Escape(Clean(fault))} ({Again(result.Target, inputs[0])})</message></failure>");
            text.AppendLine("</test>");
        }

        text.AppendLine("</collection>");
        text.AppendLine("</assembly>");
        text.AppendLine("</assemblies>");
        File.WriteAllText(path, text.ToString());
    }

    private string Again(FuzzTarget target, long input) => $"--seed {options.Seed} --only {target.Name} --input {input}";

    private static string Clean(string text) => new([.. text.Where(c => !char.IsControl(c))]);
}
