using System;
using System.Globalization;
using System.IO;
using System.Text;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Binaries;

/// <summary>The variables that a process was started with.</summary>
internal static class ProcessEnvironment
{
    /// <summary>The value of a variable of a process, or of our own; null when it has none or does not let us see it.</summary>
    public static string? Find(string name, int? processId)
    {
        if (processId is not int process) return Environment.GetEnvironmentVariable(name);
        try
        {
            byte[] all = InputFile.ReadAll(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/environ"));
            foreach (string variable in Encoding.UTF8.GetString(all).Split('\0'))
            {
                if (variable.Length > name.Length && variable[name.Length] == '=' && variable.StartsWith(name, StringComparison.Ordinal)) return variable[(name.Length + 1)..];
            }
        }
        catch (IOException)
        {
            // It belongs to another user, or has ended.
        }

        return null;
    }
}
