using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Samples;

/// <summary>A sample that runs, as its users start it: a process.</summary>
internal sealed class Sample : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly List<string> _lines = [];

    private Sample(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    public int Id => _process.Id;

    /// <summary>What it said beside its output; complete when it has ended.</summary>
    public string Errors => _errors.Result;

    /// <summary>
    /// Skips a test that says nothing of the virtual machines' kernels which it would not say of this machine's: on a CPU that is
    /// emulated a process of .NET takes seconds to start. Other architectures are nowhere but in a virtual machine.
    /// </summary>
    public static void SkipOnEmulatedCpu()
    {
        if (Processor.IsX64) Requires.RealProcessor();
    }

    /// <summary>Starts a sample.</summary>
    public static Sample Start(string name, params string[] arguments) => StartWith([], name, arguments);

    /// <summary>Starts a sample with more in its environment.</summary>
    public static Sample StartWith(Dictionary<string, string> environment, string name, params string[] arguments)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        var start = new ProcessStartInfo(Find(name), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string variable, string value) in environment)
            start.Environment[variable] = value;
        return new Sample(start);
    }

    /// <summary>Lets a sample run to its end; the result is what it printed.</summary>
    public static string Run(string name, params string[] arguments)
    {
        using Sample sample = Start(name, arguments);
        string output = sample._process.StandardOutput.ReadToEnd();
        sample.ExpectEnd(0);
        return output;
    }

    /// <summary>Lets a sample run into an error; the result is what it said.</summary>
    public static string Fail(string name, params string[] arguments)
    {
        using Sample sample = Start(name, arguments);
        sample._process.StandardOutput.ReadToEnd();
        sample.ExpectEnd(1);
        return sample._errors.Result;
    }

    /// <summary>The next line that it prints.</summary>
    public string ReadLine()
    {
        if (_process.StandardOutput.ReadLine() is not string line)
        {
            Assert.Fail($"It ended after these lines:\n{string.Join('\n', _lines)}\nand said:\n{_errors.Result}");
            return "";
        }

        _lines.Add(line);
        return line;
    }

    /// <summary>The next line in which the words stand in this order.</summary>
    public string ReadLineWith(params string[] words)
    {
        while (true)
        {
            string line = ReadLine();
            int at = 0;
            foreach (string word in words)
            {
                at = at < 0 ? at : line.IndexOf(word, at, StringComparison.Ordinal);
                at = at < 0 ? at : at + word.Length;
            }

            if (at >= 0)
                return line;
        }
    }

    /// <summary>Ends it as service managers do, and Ctrl-C does alike; the result is what it printed last.</summary>
    public string Stop()
    {
        Shell.Run(string.Create(CultureInfo.InvariantCulture, $"kill -TERM {_process.Id}"));
        string rest = _process.StandardOutput.ReadToEnd();
        ExpectEnd(0);
        return rest;
    }

    public void Dispose()
    {
        // Only a test that failed comes here before the end.
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void ExpectEnd(int code)
    {
        _process.WaitForExit();
        Assert.True(_process.ExitCode == code, $"It ended with {_process.ExitCode}: {_errors.Result}");
    }

    // The samples are built beside the tests: artifacts/bin/NAME/CONFIGURATION/NAME.
    private static string Find(string name)
    {
        string own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string path = Path.GetFullPath(Path.Combine(own, "..", "..", name, Path.GetFileName(own), name));
        Assert.True(File.Exists(path), $"{path} is missing: build the solution.");
        return path;
    }
}
