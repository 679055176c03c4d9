using System;
using System.IO;
using System.Text;
using System.Threading;

namespace Bpf.Loader.Testing.Coverage;

/// <summary>
/// A report that several processes add to, each when it ends. Whoever adds has the file to itself meanwhile, and keeps what it will write
/// in a second file until it is written: a process that is killed then takes nothing of the others with it.
/// </summary>
internal static class CoverageFile
{
    // Adding takes some milliseconds.
    private const int PatienceInMilliseconds = 60_000, PauseInMilliseconds = 10;

    /// <summary>Adds a report to what a file has.</summary>
    /// <exception cref="IOException">The file cannot be written, or is something else than such a report.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Add(string path, CoverageReport report, string sourceRoot)
    {
        string copy = path + ".tmp";
        using FileStream file = OpenAlone(path);
        DateTime written = File.GetLastWriteTimeUtc(path);
        if (Read(file, path, copy) is { } known)
        {
            Forget(known, sourceRoot, written);
            report.Add(known);
        }

        using var text = new MemoryStream();
        using (var writer = new StreamWriter(text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true)) CoberturaWriter.Write(writer, report, sourceRoot);
        File.WriteAllBytes(copy, text.ToArray());
        file.SetLength(0);
        text.WriteTo(file);
        file.Flush(flushToDisk: true);
        File.Delete(copy);
    }

    private static CoverageReport? Read(FileStream file, string path, string copy)
    {
        try
        {
            if (CoberturaReader.TryRead(file) is { } whole) return whole;
            if (!File.Exists(copy)) return null;
            // Whoever wrote last did not come to its end, and had its copy by then.
            using FileStream kept = File.OpenRead(copy);
            return CoberturaReader.TryRead(kept);
        }
        catch (InvalidDataException e)
        {
            throw new IOException($"{path} is no coverage of BPF programs, and stays as it is. {e.Message}", e);
        }
    }

    // What was counted in a file of C says nothing about what it is now.
    private static void Forget(CoverageReport known, string sourceRoot, DateTime written)
    {
        foreach (string source in (string[])[.. known.Files.Keys])
        {
            string path = Path.Combine(sourceRoot, source);
            if (File.Exists(path) && File.GetLastWriteTimeUtc(path) > written) known.Remove(source);
        }
    }

    private static FileStream OpenAlone(string path)
    {
        for (int waited = 0; ; waited += PauseInMilliseconds)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException or PathTooLongException) && waited < PatienceInMilliseconds)
            {
                Thread.Sleep(PauseInMilliseconds);
            }
        }
    }
}
