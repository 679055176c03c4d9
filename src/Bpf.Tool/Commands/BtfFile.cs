using System;
using System.IO;
using Bpf.Loader;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Commands;

/// <summary>The file of <c>--btf</c>.</summary>
internal static class BtfFile
{
    /// <summary>Reads raw BTF, or the section <c>.BTF</c> of an ELF file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="baseBtf">The types that those of the file go on from, when it is a module's.</param>
    /// <exception cref="BpfFormatException">The file cannot be read, or holds no BTF.</exception>
    public static BtfReader Read(string path, BtfReader? baseBtf = null)
    {
        try
        {
            return BtfReader.ReadRawOrElf(File.ReadAllBytes(path), baseBtf);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BpfFormatException($"The BTF file {path} cannot be read: {e.Message}", null, null, BpfDiagnosticId.Unreadable);
        }
    }
}
