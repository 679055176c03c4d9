using BenchmarkDotNet.Running;
using Bpf.Loader.Benchmarks;

if (args is ["compare", ..]) ComparedBenchmarks.Run(args.Length > 1 ? args[1] : "");
else BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
