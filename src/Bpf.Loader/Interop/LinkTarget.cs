using System;
using System.IO;

namespace Bpf.Loader.Interop;

/// <summary>What the symbolic links of /proc lead to: files that have no path have a name there all the same.</summary>
internal static class LinkTarget
{
    /// <summary>What a link leads to; null when it is none, is gone, or may not be read.</summary>
    public static string? Of(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
