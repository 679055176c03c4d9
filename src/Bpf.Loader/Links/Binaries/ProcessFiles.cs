using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links.Binaries;

/// <summary>
/// The files whose code a process has mapped. They are what it runs, whatever their names lead to now: a library that was
/// replaced or deleted is still reached, through <c>/proc/PID/map_files</c>.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class ProcessFiles
{
    private const uint Overlay = 0x794c7630, Btrfs = 0x9123683e; // OVERLAYFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC

    private readonly int _processId;
    private readonly IReadOnlyList<ProcessMapping> _mappings;
    private readonly List<ProcessMapping> _files = [];

    private ProcessFiles(int processId)
    {
        _processId = processId;
        _mappings = ProcessMaps.Read(processId);
        var known = new HashSet<(FileIdentity, string)>();
        foreach (ProcessMapping mapping in _mappings)
        {
            if (mapping is { IsFile: true, IsExecutable: true } && known.Add((mapping.Identity, mapping.Path))) _files.Add(mapping);
        }
    }

    /// <summary>The first mapping of code of each file.</summary>
    public IReadOnlyList<ProcessMapping> Files => _files;

    /// <exception cref="BpfAttachException">There is no such process.</exception>
    public static ProcessFiles Of(int processId) => new(processId);

    /// <summary>The file of a name; one that still has the name before one that had it.</summary>
    public ProcessMapping? FindByName(string fileName) => Find(file => file.FileName.SequenceEqual(fileName));

    /// <summary>The file that has, or had, the path that the kernel tells us.</summary>
    public ProcessMapping? FindByPath(string kernelName) => Find(file => file.PathThen == kernelName);

    /// <summary>The library that programs are linked with under a name, whatever its file is called.</summary>
    public ProcessMapping? FindBySharedName(string name) => Find(file =>
    {
        if (!BinarySearch.IsLibrary(file.PathThen) && !file.IsDeleted) return false;
        try
        {
            using BinaryImage image = BinaryImage.Open(Open(file), null);
            return image.SharedName == name;
        }
        catch (BpfLoaderException)
        {
            return false; // what cannot be opened or is no ELF file is none
        }
    });

    /// <summary>The archive, and the entry of it, from which a library of a name is mapped.</summary>
    public (ProcessMapping File, string Entry)? FindInArchive(string fileName)
    {
        foreach (ProcessMapping mapping in _mappings)
        {
            if (mapping is not { IsFile: true, IsExecutable: true } || BinarySearch.IsLibrary(mapping.PathThen) || !Path.HasExtension(mapping.PathThen)) continue;
            try
            {
                using BinaryFile archive = Open(mapping);
                if (ZipArchiveIndex.FindMapped(archive, archive.Path, fileName, mapping.Offset) is string entry) return (mapping, entry);
            }
            catch (BpfAttachException)
            {
                // What cannot be opened is looked at no further.
            }
        }

        return null;
    }

    /// <summary>Whether code of just this file is mapped.</summary>
    public bool Has(BinaryFile file) => _files.Exists(mapping => IsSame(mapping, file));

    /// <summary>The mappings of code of a file.</summary>
    public IEnumerable<ProcessMapping> MappingsOf(BinaryFile file)
    {
        List<ProcessMapping> same = _files.FindAll(mapping => IsSame(mapping, file));
        foreach (ProcessMapping mapping in _mappings)
        {
            if (mapping.IsExecutable && same.Exists(one => one.Identity == mapping.Identity && one.Path == mapping.Path)) yield return mapping;
        }
    }

    /// <summary>Opens the file that is mapped.</summary>
    /// <exception cref="BpfAttachException">It has no name any more, and the right to reach it is missing.</exception>
    public BinaryFile Open(in ProcessMapping mapping)
    {
        try
        {
            InputFile file = InputFile.Open(MapFile(mapping));
            // A name that we see too, and that leads there, is what the kernel shows of the link later.
            bool hasName = !mapping.IsDeleted && file.Identity.Exists && FileIdentity.Of(mapping.Path) == file.Identity;
            return new BinaryFile(file, mapping.Path, byDescriptor: !hasName);
        }
        catch (InputFileException error) when (error.Errno is Errno.EPERM or Errno.EACCES or Errno.ENOENT)
        {
            return OpenByName(mapping) ?? OpenProgram(mapping) ?? throw OutOfReach(mapping, error);
        }
        catch (InputFileException error)
        {
            throw BinaryFile.Unreadable(mapping.Path, error);
        }
    }

    /// <summary>Opens the file that is mapped, and reads its headers; null when it is not ELF.</summary>
    /// <exception cref="BpfAttachException">It has no name any more, and the right to reach it is missing.</exception>
    public BinaryImage? TryOpenImage(in ProcessMapping mapping)
    {
        BinaryFile file = Open(mapping);
        try
        {
            return new BinaryImage(file, file.Path);
        }
        catch (BpfFormatException)
        {
            file.Dispose();
            return null; // the kernel maps any file as code
        }
    }

    // Without the right to map_files, the name will do if it still leads to the file.
    private BinaryFile? OpenByName(in ProcessMapping mapping)
    {
        if (mapping.IsDeleted) return null;
        foreach (bool own in (ReadOnlySpan<bool>)[true, false])
        {
            try
            {
                using FileView view = own ? FileView.Own() : FileView.OfProcess(_processId);
                BinaryFile file = view.Open(mapping.Path);
                if (IsSameByNumbers(mapping, file)) return file;
                file.Dispose();
            }
            catch (Exception error) when (error is InputFileException or BpfAttachException)
            {
                // There is none of the name in this view.
            }
        }

        return null;
    }

    // The program itself is reached by whoever may trace the process.
    private BinaryFile? OpenProgram(in ProcessMapping mapping)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{_processId}/exe");
        try
        {
            var file = new BinaryFile(InputFile.Open(path), mapping.Path, byDescriptor: true);
            if (file.Identity.Number == mapping.Identity.Number && file.KernelName == mapping.Path) return file;
            file.Dispose();
        }
        catch (InputFileException)
        {
            // It has ended, or may not be traced.
        }

        return null;
    }

    private bool IsSame(in ProcessMapping mapping, BinaryFile file)
    {
        if (!file.Identity.Exists) return false;
        // A link into the process gives the numbers that a path gives; maps has those of the layer below on overlayfs and btrfs.
        FileIdentity linked = FileIdentity.Of(MapFile(mapping));
        return linked.Exists ? linked == file.Identity : IsSameByNumbers(mapping, file);
    }

    private static bool IsSameByNumbers(in ProcessMapping mapping, BinaryFile file) => mapping.Identity == file.Identity
        || (!mapping.IsDeleted && file.KernelName == mapping.Path
            && FileSystems.GetMagic(file.DescriptorPath, out uint magic) == Errno.None && magic is Overlay or Btrfs);

    private string MapFile(in ProcessMapping mapping) =>
        string.Create(CultureInfo.InvariantCulture, $"/proc/{_processId}/map_files/{mapping.Start:x}-{mapping.End:x}");

    private ProcessMapping? Find(Predicate<ProcessMapping> isWanted)
    {
        ProcessMapping? found = null;
        foreach (ProcessMapping file in _files)
        {
            if ((found is null || (found.Value.IsDeleted && !file.IsDeleted)) && isWanted(file)) found = file;
        }

        return found;
    }

    private BpfAttachException OutOfReach(in ProcessMapping mapping, InputFileException error)
    {
        string what = mapping.IsDeleted
            ? $"Process {_processId} runs a '{mapping.PathThen}' that was replaced or deleted since"
            : $"What process {_processId} has mapped as '{mapping.Path}' is not what is there by that name";
        return new BpfAttachException(
            BpfDiagnosticId.ReplacedBinary, $"binary '{mapping.Path}'", $"{what}, and it cannot be reached: {error.Message}", error.Errno, "open",
            "CAP_CHECKPOINT_RESTORE (5.9) or CAP_SYS_ADMIN is needed to reach it; or start the process again, so that it runs the new one.");
    }
}
