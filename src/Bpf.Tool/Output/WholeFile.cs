using System;
using System.IO;

namespace Bpf.Tool.Output;

/// <summary>A file that is there as a whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>Writes a file; one that is there already stays as it is until the new one is whole.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The process may not write it.</exception>
    public static void Write(string path, byte[] contents)
    {
        string temporary = $"{path}.{Environment.ProcessId}.new";
        try
        {
            File.WriteAllBytes(temporary, contents);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
