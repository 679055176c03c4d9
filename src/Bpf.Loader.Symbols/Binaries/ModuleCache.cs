using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Symbols.Interop;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Loader.Symbols.Binaries;

/// <summary>The binaries that were read, each once however many processes have it mapped, and no more of them than there is room for.</summary>
[SupportedOSPlatform("linux")]
internal sealed class ModuleCache(long room, bool useDebugFiles) : IDisposable
{
    // By build id; without one, by file and length.
    private readonly Dictionary<string, BinaryModule> _modules = new(StringComparer.Ordinal);
    private long _uses;

    /// <summary>About how much memory they take.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach (BinaryModule module in _modules.Values) bytes += module.Bytes;
            return bytes;
        }
    }

    /// <summary>The binary of a build id, if it was read.</summary>
    public BinaryModule? Find(string buildId) => _modules.TryGetValue(buildId, out BinaryModule? module) ? Use(module) : null;

    /// <summary>The binary in an open file, which is disposed when it was read before.</summary>
    /// <param name="path">Its path, as its process has it.</param>
    /// <param name="file">The file.</param>
    /// <param name="root">The root directory of its process, in which debug files are looked for; null for our own.</param>
    public BinaryModule Read(string path, SafeFileHandle file, SafeFileHandle? root)
    {
        string identity = Files.StatusOf(file) is FileStatus status ? $"{status.Device}:{status.Inode}:{path}" : path;
        return ElfBinary.Read(new FileBytes(file)) is ElfBinary binary
            ? Add(path, binary, identity, root)
            : BinaryModule.Unreadable(path, $"'{path}' is not an ELF file.");
    }

    /// <summary>The binary that these are the bytes of.</summary>
    public BinaryModule Read(string name, byte[] image) => ElfBinary.Read(new MemoryBytes(image)) is ElfBinary binary
        ? Add(name, binary, name, null)
        : BinaryModule.Unreadable(name, $"'{name}' is not an ELF file.");

    /// <summary>Marks a binary as used.</summary>
    public BinaryModule Use(BinaryModule module)
    {
        module.LastUse = ++_uses;
        return module;
    }

    /// <summary>Drops those that were not used for the longest time, as long as there are too many.</summary>
    public void Trim()
    {
        while (_modules.Count > 1 && Bytes > room)
        {
            KeyValuePair<string, BinaryModule> oldest = default;
            foreach (KeyValuePair<string, BinaryModule> each in _modules)
            {
                if (oldest.Value is null || each.Value.LastUse < oldest.Value.LastUse) oldest = each;
            }

            _modules.Remove(oldest.Key);
            oldest.Value.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (BinaryModule module in _modules.Values) module.Dispose();
        _modules.Clear();
    }

    private BinaryModule Add(string path, ElfBinary binary, string identity, SafeFileHandle? root)
    {
        string key = binary.BuildId.Length > 0 ? binary.BuildId : identity;
        if (_modules.TryGetValue(key, out BinaryModule? known))
        {
            binary.Dispose();
            return Use(known);
        }

        BinaryModule module = BinaryModule.Read(path, binary, useDebugFiles ? Open : null);
        _modules.Add(key, Use(module));
        Trim();
        return module;

        SafeFileHandle? Open(string file) => (root is null ? null : Files.OpenInRoot(root, file)) ?? Files.Open(file);
    }
}
