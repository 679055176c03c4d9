using System;
using System.IO;
using Bpf.Loader;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Commands;

/// <summary>The file of <c>--btf</c>.</summary>
internal static class BtfFile
{
    /// <summary>Reads raw BTF, or the section <c>.BTF</c> of an ELF file.</summary>
    /// <exception cref="BpfFormatException">The file cannot be read, or holds no BTF.</exception>
    public static BtfReader Read(string path)
    {
        try
        {
            return BtfReader.ReadRawOrElf(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BpfFormatException($"The BTF file {path} cannot be read: {e.Message}", null, null, BpfDiagnosticId.Unreadable);
        }
    }
}
