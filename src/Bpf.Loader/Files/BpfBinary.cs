using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Binaries;
using Bpf.Loader.Links.Usdt;

namespace Bpf.Loader;

/// <summary>An executable or library, 64-bit or 32-bit: what it offers to probes. What is not asked for is not read.</summary>
/// <remarks>
/// It keeps the file open until it is disposed, so that what it says is of one file whatever its path leads to later. Not to be
/// used by several threads at once.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class BpfBinary : IDisposable
{
    private readonly BinaryImage _image;
    private IReadOnlyList<BpfBinaryFunction>? _functions;
    private IReadOnlyList<BpfUsdtProbe>? _probes;

    private BpfBinary(BinaryImage image, string path)
    {
        _image = image;
        Path = path;
    }

    /// <summary>The file; in another root with that in front, and with <c> (deleted)</c> behind when a process runs a file that has no name any more.</summary>
    public string Path { get; }

    /// <summary>The machine that it is for.</summary>
    public ElfMachine Machine => _image.Machine;

    /// <summary>True when its addresses have 64 bits.</summary>
    public bool Is64Bit => _image.Form.Is64Bit;

    /// <summary>The number by which its debug information is found (<c>NT_GNU_BUILD_ID</c>); empty when it has none.</summary>
    public ReadOnlyMemory<byte> BuildId => BuildIdNote.Read(_image);

    /// <summary>
    /// The functions that can be probed by name, in the order of their places: those that it offers to others, and those of the
    /// linker's own table if that was not stripped. Read the first time.
    /// </summary>
    /// <exception cref="BpfFormatException">The symbols are malformed.</exception>
    /// <exception cref="BpfAttachException">The file cannot be read any more.</exception>
    public IReadOnlyList<BpfBinaryFunction> Functions => _functions ??= BinaryFunctionList.Read(_image);

    /// <summary>The USDT probes, with all places of each. Read the first time.</summary>
    /// <exception cref="BpfFormatException">The notes are malformed.</exception>
    /// <exception cref="BpfNotSupportedException">It is 32-bit and has probes.</exception>
    public IReadOnlyList<BpfUsdtProbe> UsdtProbes => _probes ??= UsdtProbeList.Read(_image);

    /// <summary>Opens a binary, as the attach methods of <see cref="BpfProgram"/> find it.</summary>
    /// <param name="binary">A path; a name such as <c>libssl.so.3</c> or <c>bash</c>, which is looked for; or <c>ARCHIVE!/ENTRY</c>.</param>
    /// <param name="processId">The process whose view of the files counts, and whose library is meant; null for our own view.</param>
    /// <exception cref="BpfAttachException">There is no such binary, it is not ELF, or a process runs an older one that cannot be reached.</exception>
    /// <remarks>Looking into another user's process needs CAP_SYS_PTRACE; reaching a file that was replaced CAP_CHECKPOINT_RESTORE (5.9) or CAP_SYS_ADMIN.</remarks>
    public static BpfBinary Open(string binary, int? processId = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(binary);
        BinaryImage image = BinarySearch.Open(binary, processId);
        return new BpfBinary(image, image.Path);
    }

    /// <summary>Opens all executables and libraries whose code a process has mapped; mapped files that are not ELF are left out.</summary>
    /// <param name="processId">The process.</param>
    /// <exception cref="BpfAttachException">There is no such process, or what it has mapped cannot be reached.</exception>
    /// <remarks>The rights are those of <see cref="Open"/>.</remarks>
    public static IReadOnlyList<BpfBinary> OpenMapped(int processId)
    {
        ProcessFiles process = ProcessFiles.Of(processId);
        var binaries = new List<BpfBinary>();
        try
        {
            foreach (ProcessMapping mapping in process.Files)
            {
                if (process.TryOpenImage(mapping) is BinaryImage image) binaries.Add(new BpfBinary(image, mapping.Path));
            }
        }
        catch
        {
            foreach (BpfBinary binary in binaries) binary.Dispose();
            throw;
        }

        return binaries;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _image.Dispose();
}
