using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Bpf.Loader.Symbols;

namespace Bpf.Loader.Benchmarks;

/// <summary>
/// The C# side of build/bench-symbols.sh: names of many addresses of a process, in a process that has done nothing before. Prints the
/// seconds until the first is named, the seconds of the others, the peak of memory in MiB, and how many are known.
/// </summary>
internal static class SymbolBenchmark
{
    public static void Run(int pid, string file)
    {
        ulong[] addresses = ReadAddresses(file);
        long start = Stopwatch.GetTimestamp();
        using var symbolizer = new Symbolizer();
        int known = symbolizer.Find(pid, addresses[0]).IsKnown ? 1 : 0;
        TimeSpan opened = Stopwatch.GetElapsedTime(start);
        start = Stopwatch.GetTimestamp();
        foreach (ulong address in addresses.AsSpan(1)) known += symbolizer.Find(pid, address).IsKnown ? 1 : 0;
        TimeSpan found = Stopwatch.GetElapsedTime(start);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Bpf.Loader.Symbols\t{opened.TotalSeconds:F3}\t{found.TotalSeconds:F3}\t{Peak()}\t{known}"));
    }

    // A line each. As agents do, it holds the numbers and not their texts: what is measured is to be that of the library.
    private static ulong[] ReadAddresses(string file)
    {
        byte[] text = File.ReadAllBytes(file);
        ulong[] addresses = new ulong[text.AsSpan().Count((byte)'\n')];
        int count = 0;
        foreach (Range line in text.AsSpan().Split((byte)'\n'))
        {
            if (count < addresses.Length) addresses[count++] = ulong.Parse(text.AsSpan(line), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        }

        return addresses;
    }

    // Of this process, not of what it was started from, as getrusage() has it.
    private static long Peak() => File.ReadLines("/proc/self/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.AsSpan(6).TrimEnd("kB").Trim(), NumberStyles.None, CultureInfo.InvariantCulture)).Single() / 1024;
}
