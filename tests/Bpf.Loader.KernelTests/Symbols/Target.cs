using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using Bpf.Loader.KernelTests.Support;

namespace Bpf.Loader.KernelTests.Symbols;

/// <summary>A process whose code is to be named: where a function of it is follows from its maps and from the library's own reader.</summary>
internal sealed class Target : IDisposable
{
    private readonly Process _process;

    private bool _isDisposed;

    private Target(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts a program that answers lines, and waits for its first answer.</summary>
    public static Target Start(string program, params string[] arguments)
    {
        var target = new Target(Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!);
        NativeShims.Ask(target._process);
        return target;
    }

    /// <summary>Lets it do a round.</summary>
    public void Ask() => NativeShims.Ask(_process);

    /// <summary>Where a function of a file is in the process.</summary>
    public ulong AddressOf(string file, string function) => AddressOf(Id, file, function, "/proc/" + Text(Id) + "/exe");

    /// <summary>Where a function of a mapped file is in a process.</summary>
    /// <param name="processId">The process.</param>
    /// <param name="mapped">A part of the path that it has mapped.</param>
    /// <param name="function">The function.</param>
    /// <param name="binary">Where the binary can be read.</param>
    public static ulong AddressOf(int processId, string mapped, string function, string binary)
    {
        using BpfBinary read = BpfBinary.Open(binary);
        ulong offset = read.Functions.First(candidate => candidate.Name == function).Offset;
        foreach (string line in File.ReadLines($"/proc/{Text(processId)}/maps"))
        {
            string[] words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 6 || words[1][2] != 'x' || !words[5].Contains(mapped, StringComparison.Ordinal)) continue;
            string[] range = words[0].Split('-');
            ulong start = Hex(range[0]), end = Hex(range[1]), from = Hex(words[2]);
            if (offset >= from && offset - from < end - start) return start + offset - from;
        }

        throw new InvalidOperationException($"{function} of {mapped} is not mapped by process {processId}.");
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _process.StandardInput.Close();
        _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
