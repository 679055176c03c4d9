using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Tool.Kernels;

namespace Bpf.Tool.Commands;

/// <summary>The file of <c>--btf</c>.</summary>
internal static class BtfFile
{
    /// <summary>Reads raw BTF, the section <c>.BTF</c> of an ELF file, or a kernel as it is installed; any of them may be compressed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="baseBtf">The types that those of the file go on from, when it is a module's.</param>
    /// <exception cref="BpfFormatException">The file cannot be read, or holds no BTF.</exception>
    public static BtfReader Read(string path, BtfReader? baseBtf = null)
    {
        byte[] file = BpfFile.ReadAllBytes(path);
        try
        {
            return BtfReader.ReadRawOrElf(KernelImage.Unpack(file), baseBtf);
        }
        catch (KernelImageException e)
        {
            throw new BpfFormatException($"The types of {path} cannot be read: {e.Message}.", null, null, BpfDiagnosticId.Unreadable);
        }
    }
}
