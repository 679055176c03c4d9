// A .NET program to try usdt-trace and profile on: it handles a request now and then, and its probes tell whoever traces it.
//
//   build/native-shims.sh                                      makes libdotnet-usdt.so
//   LD_LIBRARY_PATH=artifacts/native-shims usdt-app
//   usdt-trace artifacts/native-shims/libdotnet-usdt.so dotnet:end --text 2
using System.CommandLine;
using System.Diagnostics;
using Bpf.Samples;

Option<int> pause = new("--pause") { Description = "Milliseconds between two requests.", DefaultValueFactory = _ => 200 };
var command = new RootCommand("Handles a request now and then, with probes that BPF tools can see.") { pause };
command.Does(async (arguments, cancellation) =>
{
    Console.WriteLine(Probes.AreThere ? $"process {Environment.ProcessId} has probes" : "libdotnet-usdt.so was not found: no probes");
    for (long id = 1; !cancellation.IsCancellationRequested; id++)
    {
        const string request = "GET /primes";
        Probes.Begin(id, request);
        long began = Stopwatch.GetTimestamp();
        Worker.CountPrimes(below: 2000);

        // What an argument costs to make need not be made when nobody listens.
        if (Probes.IsEndTraced)
            Probes.End(id, request, Stopwatch.GetElapsedTime(began));
        await Task.Delay(arguments.GetValue(pause), cancellation);
    }
});
return await command.RunAsync(args);
