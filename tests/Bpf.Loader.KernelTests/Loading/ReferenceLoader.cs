using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Text.Json;
using Bpf.Loader.KernelTests.Support;
using Xunit;

namespace Bpf.Loader.KernelTests.Loading;

/// <summary>What libbpf makes of every object of the test data on this kernel; asked once for all tests.</summary>
public sealed class ReferenceLoader
{
    private readonly Dictionary<string, JsonElement> _results = [];

    public ReferenceLoader()
    {
        var start = new ProcessStartInfo(FindProgram()) { RedirectStandardOutput = true, WorkingDirectory = TestObjects.Folder };
        start.ArgumentList.Add("--each");
        foreach (TheoryDataRow<string> row in TestObjects.All) start.ArgumentList.Add(row.Data);
        using Process process = Process.Start(start) ?? throw new InvalidOperationException("The reference loader does not start.");
        while (process.StandardOutput.ReadLine() is string line)
        {
            using JsonDocument document = JsonDocument.Parse(line);
            _results.Add(document.RootElement.GetProperty("file").GetString()!, document.RootElement.Clone());
        }

        process.WaitForExit();
    }

    /// <summary>What libbpf makes of an object.</summary>
    public JsonElement this[string name] => _results.TryGetValue(name, out JsonElement result)
        ? result
        : throw new KeyNotFoundException($"The reference loader says nothing of {name}.");

    private static string FindProgram()
    {
        string path = Environment.GetEnvironmentVariable("BPF_REFERENCE_LOADER")
            ?? Path.Combine(Path.GetDirectoryName(TestObjects.Folder)!, "artifacts", "native-shims", "reference-loader");
        Assert.True(File.Exists(path), $"{path} is missing: run build/native-shims.sh.");
        return path;
    }
}
