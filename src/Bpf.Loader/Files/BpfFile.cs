using System;
using Bpf.Loader.Interop;

namespace Bpf.Loader;

/// <summary>Files that a user names: how <see cref="BpfObjectFile.Open"/> reads them, for whoever reads others beside.</summary>
public static class BpfFile
{
    /// <summary>
    /// Reads a whole file. Directories, devices and sockets are refused before anything is read; a pipe is read up to 256 MiB,
    /// a file up to 1 GiB, and files of /proc and /sys, which do not say their size, like pipes.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BpfFormatException">There is no such file, it may not be read, is of another kind, or too large.</exception>
    public static byte[] ReadAllBytes(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return InputFile.ReadAll(path);
        }
        catch (InputFileException error)
        {
            throw new BpfFormatException($"The file {path} cannot be read: {error.Message}", null, null, BpfDiagnosticId.Unreadable, Cure(error.Errno));
        }
    }

    private static string Cure(Errno errno) => errno switch
    {
        Errno.EISDIR => "Name a file in it.",
        Errno.ENOENT or Errno.ENOTDIR => "Look at the path, which starts from the working directory when it does not begin with '/'.",
        Errno.EACCES or Errno.EPERM => "Let the process read it, or run it as somebody who may.",
        Errno.EFBIG => "No object and no kernel is that large: give another file.",
        _ => "Give a regular file, or a pipe that somebody writes into.",
    };
}
