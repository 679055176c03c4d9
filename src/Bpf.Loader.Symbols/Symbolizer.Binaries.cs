using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Bpf.Loader.Symbols.Binaries;
using Bpf.Loader.Symbols.Interop;
using Bpf.Loader.Symbols.Processes;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Loader.Symbols;

public sealed partial class Symbolizer
{
    private const int LargestVdso = 1 << 20;
    private const long ScanMilliseconds = 10_000;

    private readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    private long _scanTime = long.MinValue;

    // The binary of a mapping: that which is mapped, whatever is at its path by now.
    private BinaryModule Open(ProcessImage image, Mapping mapping)
    {
        if (mapping.Module is { IsDisposed: false } known) return _modules.Use(known);
        using SafeFileHandle? root = image.HasEnded ? null : Files.OpenRoot(ProcFile.PathOf(image.ProcessId, "root"));
        SafeFileHandle? file = image.HasEnded ? null : Files.Open(ProcFile.PathOf(image.ProcessId, string.Create(CultureInfo.InvariantCulture, $"map_files/{mapping.Start:x}-{mapping.End:x}")));
        string path = image.PathInRoot(mapping.PathThen);
        file ??= OpenByPath(mapping, path, root);
        return mapping.Module = file is null ? BinaryModule.Unreadable(path, Unreachable(image, mapping)) : _modules.Read(path, file, root);
    }

    // Without the right to map_files, or after the process has ended, the path will do if it still leads to the file.
    private static SafeFileHandle? OpenByPath(Mapping mapping, string path, SafeFileHandle? root)
    {
        if (mapping.IsDeleted) return null;
        SafeFileHandle? file = root is null ? Files.Open(mapping.Path) : Files.OpenInRoot(root, path);
        if (file is null || Files.StatusOf(file)?.Inode == mapping.Inode) return file;
        file.Dispose();
        return null;
    }

    private static string Unreachable(ProcessImage image, Mapping mapping) => (mapping.IsDeleted, image.HasEnded) switch
    {
        (true, false) => $"'{mapping.PathThen}' was deleted or replaced since process {image.ProcessId} mapped it: CAP_CHECKPOINT_RESTORE or CAP_SYS_ADMIN is needed to reach it.",
        (_, true) => $"Process {image.ProcessId} has ended, and what is at '{mapping.PathThen}' now is not what it had mapped.",
        _ => $"'{mapping.PathThen}' of process {image.ProcessId} cannot be read: another user's process needs CAP_SYS_PTRACE.",
    };

    private BinaryModule OpenVdso(ProcessImage image, Mapping mapping)
    {
        if (mapping.Module is { IsDisposed: false } known) return _modules.Use(known);
        int length = (int)Math.Min(mapping.End - mapping.Start, LargestVdso);
        byte[] memory = new byte[length];
        using SafeFileHandle? file = Files.Open(ProcFile.PathOf(image.ProcessId, "mem"));
        bool isRead = file is not null && new FileBytes(file).Read((long)mapping.Start, memory) == length;
        return mapping.Module = isRead ? _modules.Read(Vdso, memory) : BinaryModule.Unreadable(Vdso, $"The memory of process {image.ProcessId} cannot be read.");
    }

    internal Symbol FindByBuildId(string buildId, ulong offset)
    {
        // The kernel fills shorter ids with zeroes.
        string trimmed = buildId.TrimEnd('0');
        lock (_lock)
        {
            BinaryModule? module = FindModule(buildId) ?? (trimmed.Length <= 32 && trimmed.Length > 2 ? FindModule(trimmed.PadRight(32, '0')) ?? FindModule(trimmed.PadRight(16, '0')) : null);
            return module?.Find(offset, _options.Demangle)
                ?? Symbol.Unknown(SymbolKind.Binary, "", offset, $"No binary of build id {buildId} was found.", $"[{buildId[..Math.Min(buildId.Length, 8)]}]") with { BuildId = buildId };
        }
    }

    private BinaryModule? FindModule(string buildId)
    {
        if (_modules.Find(buildId) is BinaryModule read) return read;
        if (!_paths.ContainsKey(buildId)) Scan();
        foreach (string path in (string[])[_paths.GetValueOrDefault(buildId, ""), DebugFile.PathOf(buildId)])
        {
            SafeFileHandle? file = path.Length == 0 ? null : Files.Open(path);
            if (file is null) continue;
            BinaryModule module = _modules.Read(path, file, null);
            if (module.BuildId == buildId) return module;
        }

        return null;
    }

    // The build ids of all that is mapped as code anywhere: only their notes are read.
    private void Scan()
    {
        if (Environment.TickCount64 - ScanMilliseconds < _scanTime) return;
        _scanTime = Environment.TickCount64;
        HashSet<(ulong, string)> seen = [];
        foreach (string directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out int processId) || ProcFile.Read(processId, "maps") is not byte[] maps) continue;
            foreach (Mapping mapping in Mapping.ReadAll(maps))
            {
                if (!mapping.IsFile || !seen.Add((mapping.Inode, mapping.Path))) continue;
                // A path through the process leads to its file in a container too.
                string path = string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/map_files/{mapping.Start:x}-{mapping.End:x}");
                using SafeFileHandle? file = Files.Open(path) ?? Files.Open(path = mapping.Path);
                using ElfBinary? binary = file is null ? null : ElfBinary.Read(new FileBytes(file));
                if (binary is { BuildId.Length: > 0 }) _paths.TryAdd(binary.BuildId, path);
            }
        }
    }
}
