using System.Globalization;
using BenchmarkDotNet.Running;
using Bpf.Loader.Benchmarks;

if (args is ["compare" or "once", ..]) ComparedBenchmarks.Run(args.Length > 1 ? args[1] : "", isOnce: args[0] == "once");
else if (args is ["peak", string list]) ComparedBenchmarks.PrintPeak(list);
else if (args is ["symbols", string pid, string addresses]) SymbolBenchmark.Run(int.Parse(pid, CultureInfo.InvariantCulture), addresses);
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
