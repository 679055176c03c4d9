using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Links.Binaries;

/// <summary>Looks whether a probe can ever be hit where it is to go.</summary>
[SupportedOSPlatform("linux")]
internal static class ProbePlace
{
    /// <summary>Opens a binary whose offsets are known; what is not ELF, such as code that a compiler wrote as it ran, is taken as it is.</summary>
    /// <exception cref="BpfAttachException">It is nowhere, or the offset is no code.</exception>
    public static (BinaryFile File, ulong[] Offsets) Open(string binary, ReadOnlySpan<ulong> offsets, int? processId)
    {
        (string path, string? entry) = BinaryImage.Split(binary);
        if (entry is null)
        {
            BinaryFile file = BinarySearch.OpenFile(path, processId);
            try
            {
                Check(new BinaryImage(file, file.Path), offsets);
            }
            catch (BpfFormatException)
            {
                // The kernel takes any file.
            }
            catch
            {
                file.Dispose();
                throw;
            }

            return (file, offsets.ToArray());
        }

        BinaryImage image = BinarySearch.Open(binary, processId);
        try
        {
            Check(image, offsets);
            ulong[] inArchive = offsets.ToArray();
            for (int i = 0; i < inArchive.Length; i++) inArchive[i] += (ulong)image.Start;
            return (image.File, inArchive);
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    /// <summary>Looks whether offsets of an ELF file are code that runs on this machine.</summary>
    /// <exception cref="BpfAttachException">They are not.</exception>
    public static void Check(BinaryImage image, ReadOnlySpan<ulong> offsets)
    {
        CheckMachine(image);
        if (!image.Segments.HasLoads) throw NotLoaded(image);
        foreach (ulong offset in offsets)
        {
            if (image.Segments.IsCode(offset)) continue;
            throw new BpfAttachException(
                BpfDiagnosticId.NotProbeable, FormattableString.Invariant($"offset 0x{offset:x} of '{image.Path}'"),
                FormattableString.Invariant($"No probe at offset 0x{offset:x} of '{image.Path}' can be hit: {BinarySegments.Obstacle(image.Segments.FindByOffset(offset))}."),
                hint: "Offsets are those in the file, not addresses.");
        }
    }

    /// <summary>Looks whether the code of a binary runs on this machine.</summary>
    /// <exception cref="BpfAttachException">It does not.</exception>
    public static void CheckMachine(BinaryImage image)
    {
        if (image.Form.IsBigEndian != BitConverter.IsLittleEndian && Runs(image.Machine)) return;
        string order = image.Form.IsBigEndian == BitConverter.IsLittleEndian ? $" ({(image.Form.IsBigEndian ? "big" : "little")}-endian)" : "";
        throw new BpfAttachException(
            BpfDiagnosticId.ForeignBinary, $"binary '{image.Path}'",
            $"'{image.Path}' cannot be probed: it is code for {image.Machine}{order}, which this machine ({RuntimeInformation.ProcessArchitecture}) does not run.", Errno.ENOEXEC);
    }

    /// <summary>Looks whether the kernel was told the file that was read.</summary>
    /// <exception cref="BpfAttachException">Another file has its name by now: the link is given up.</exception>
    public static BpfLink Confirm(BpfLink link, BinaryFile file, string target)
    {
        if (file.IsInPlace) return link;
        link.Dispose();
        throw new BpfAttachException(
            BpfDiagnosticId.BinaryChanged, target, $"'{file.Path}' was replaced by another file while it was attached to.", Errno.ESTALE, hint: "Attach again.");
    }

    // What the kernel runs besides its own: 32-bit code of the same family.
    private static bool Runs(ElfMachine machine) => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => machine is ElfMachine.X64 or ElfMachine.X86,
        Architecture.Arm64 => machine is ElfMachine.Arm64 or ElfMachine.Arm,
        Architecture.S390x => machine is ElfMachine.S390,
        Architecture.RiscV64 => machine is ElfMachine.RiscV,
        Architecture.Ppc64le => machine is ElfMachine.Ppc64,
        _ => true,
    };

    private static BpfAttachException NotLoaded(BinaryImage image) => new(
        BpfDiagnosticId.NotProbeable, $"binary '{image.Path}'",
        $"No probe in '{image.Path}' can be hit: {(image.Type == ElfFileType.Relocatable ? "it is an object file, which is not linked" : "nothing of it is mapped")}.", Errno.ENOEXEC);
}
