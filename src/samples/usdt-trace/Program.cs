// Prints a USDT probe of a binary as it fires, with its arguments:
//
//   usdt-trace libdotnet-usdt.so dotnet:begin --text 2
using System.CommandLine;
using System.Globalization;
using Bpf.Samples;
using static Bpf.Samples.UsdtTrace;

Argument<string> binary = new("binary") { Description = "The program or library that has the probe." };
Argument<string> probe = new("probe") { Description = "PROVIDER:NAME; 'readelf -n BINARY' lists them." };
Option<int?> pid = new("--pid") { Description = "Only this process." };
Option<int[]> text = new("--text") { Description = "The number of an argument that is the address of text; the first is 1." };
probe.Validators.Add(result =>
{
    if (result.Tokens[0].Value.Split(':').Length != 2)
        result.AddError("Write the probe as PROVIDER:NAME.");
});
var command = new RootCommand("Prints a USDT probe of a binary as it fires, with its arguments.") { binary, probe, pid, text };
command.Does(async (arguments, cancellation) =>
{
    uint textArguments = 0;
    foreach (int number in arguments.GetValue(text) ?? [])
        textArguments |= 1u << (number - 1);

    UsdtTrace.Description file = UsdtTrace.Open();
    file.Rodata.TextArguments = textArguments;
    using UsdtTrace bpf = file.Load();
    string[] name = arguments.GetRequiredValue(probe).Split(':');
    using BpfLink link = bpf.Programs.ProbeFired.AttachUsdt(
        arguments.GetRequiredValue(binary), name[0], name[1], new UsdtOptions { ProcessId = arguments.GetValue(pid) });

    Console.WriteLine($"{"PID",7} {"TID",7} {"COMM",-16} ARGUMENTS");
    await foreach (ProbeEvent fired in bpf.Maps.Events.ReadAllAsync(cancellation))
        Console.WriteLine($"{fired.Pid,7} {fired.Thread,7} {fired.Comm,-16} {string.Join(' ', Describe(fired, textArguments))}");
});
return await command.RunAsync(args);

static IEnumerable<string> Describe(ProbeEvent fired, uint textArguments)
{
    for (int i = 0; i < Math.Min((int)fired.Count, 6); i++)
    {
        yield return (textArguments & (1 << i)) != 0
            ? $"\"{fired.Text[i]}\""
            : fired.Arguments[i].ToString(CultureInfo.InvariantCulture);
    }
}
