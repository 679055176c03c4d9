using System;
using System.IO;
using System.Runtime.CompilerServices;
using System.Text;
using DiffPlex;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using Xunit;

namespace Bpf.Loader.Tests;

/// <summary>
/// Compares text with a file that stands beside the test: <c>Class.Method.verified.txt</c>, the names of the Verify library. On a
/// difference the text is left as <c>.received.txt</c>; with <c>BPF_SNAPSHOT_ACCEPT=1</c> it becomes the verified file.
/// </summary>
internal static class Snapshot
{
    private const string AcceptVariable = "BPF_SNAPSHOT_ACCEPT";

    /// <summary>Compares text with the snapshot of the calling test.</summary>
    /// <param name="actual">The text; line ends and trailing empty lines do not matter.</param>
    /// <param name="parameters">What tells the cases of a theory apart; part of the file name.</param>
    /// <param name="testFile">Filled in by the compiler.</param>
    /// <param name="testName">Filled in by the compiler.</param>
    public static void Match(
        string actual, string? parameters = null, [CallerFilePath] string testFile = "", [CallerMemberName] string testName = "")
    {
        string stem = Path.ChangeExtension(Locate(testFile), null) + "." + testName + (parameters is null ? "" : "_" + parameters);
        string verifiedFile = stem + ".verified.txt", receivedFile = stem + ".received.txt";
        string received = Normalize(actual);
        string? verified = File.Exists(verifiedFile) ? Normalize(File.ReadAllText(verifiedFile)) : null;
        if (received == verified)
        {
            File.Delete(receivedFile);
            return;
        }

        if (Environment.GetEnvironmentVariable(AcceptVariable) == "1")
        {
            File.WriteAllText(verifiedFile, received);
            File.Delete(receivedFile);
            return;
        }

        TryWrite(receivedFile, received);
        string name = Path.GetFileName(verifiedFile);
        Assert.Fail(verified is null
            ? $"{name} does not exist. Run the test with {AcceptVariable}=1 to make it of this text:\n{received}"
            : $"The text differs from {name} (-: expected, +: now). Run the test with {AcceptVariable}=1 if it is right:\n{Diff(verified, received)}");
    }

    // A build that hides its paths names files as /_/tests/...; the repository is above the test's executable then.
    private static string Locate(string testFile)
    {
        if (!testFile.StartsWith("/_/", StringComparison.Ordinal))
            return testFile;
        return Path.Combine(TestData.Repository, testFile[3..]);
    }

    private static string Normalize(string text) => text.ReplaceLineEndings("\n").TrimEnd('\n') + "\n";

    // In a VM the sources are read-only: the message holds all that there is to know.
    private static void TryWrite(string file, string text)
    {
        try
        {
            File.WriteAllText(file, text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{file}: {e.Message}");
        }
    }

    private static string Diff(string verified, string received)
    {
        const int Context = 3;
        DiffPaneModel diff = new InlineDiffBuilder(new Differ()).BuildDiffModel(verified, received);
        var text = new StringBuilder();
        int shown = -1;
        for (int i = 0; i < diff.Lines.Count; i++)
        {
            if (!IsNearChange(diff, i, Context))
                continue;
            if (i != shown + 1)
                text.AppendLine("  ...");
            shown = i;
            char mark = diff.Lines[i].Type switch { ChangeType.Inserted => '+', ChangeType.Deleted => '-', _ => ' ' };
            text.Append(mark).Append(' ').AppendLine(diff.Lines[i].Text);
        }

        return text.ToString();
    }

    private static bool IsNearChange(DiffPaneModel diff, int line, int context)
    {
        for (int i = Math.Max(0, line - context); i <= Math.Min(diff.Lines.Count - 1, line + context); i++)
        {
            if (diff.Lines[i].Type != ChangeType.Unchanged)
                return true;
        }

        return false;
    }
}
