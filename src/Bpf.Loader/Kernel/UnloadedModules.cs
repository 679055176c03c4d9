using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Kernel;

/// <summary>
/// Looks for a type or function in the modules on disk that are not loaded: who misses one may only have to load its module. For messages
/// alone, when something was not found; the modules' types are read, and nothing else of them.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class UnloadedModules
{
    // A distribution has some four thousand.
    private const int MostModules = 10_000;

    private static ModuleNames? _known;

    /// <summary>What was found, a sentence; null when there are no modules to look into.</summary>
    /// <param name="name">The name.</param>
    /// <param name="kind">What it should be: a function, a struct and the like.</param>
    public static string? Explain(string name, BtfKind kind)
    {
        // Before 5.11 modules have no types; thousands of files would be read for nothing.
        if (KernelVersion.Current.CompareTo(new KernelVersion(5, 11, 0)) < 0) return null;
        return Explain(name, kind, $"/lib/modules/{KernelVersion.Release}", "/sys/module", () => KernelBtf.TryGetVmlinux(out BtfReader? kernel) ? kernel : null);
    }

    internal static string? Explain(string name, BtfKind kind, string folder, string loaded, Func<BtfReader?> kernel)
    {
        byte[] wanted = [0, .. Encoding.UTF8.GetBytes(name), 0];
        ReadOnlySpan<byte> bare = wanted.AsSpan(1, wanted.Length - 2);
        ModuleNames? known = _known is { } last && last.IsOf(folder) ? last : null;
        if (known is not null && !known.MayHold(bare)) return Absent(known, name, kind, loaded);

        // Most names are in no module. For the first of them all files are read; which names they have is kept for the next.
        ModuleNames? names = known is null ? new ModuleNames(folder) : null;
        foreach (string path in Files(folder))
        {
            string module = Name(path);
            if (Directory.Exists(Path.Combine(loaded, module))) continue;
            if (!path.EndsWith(".ko", StringComparison.Ordinal) && !path.EndsWith(ModuleTypes.Gzip, StringComparison.Ordinal))
            {
                if (names is not null) names.Packed++;
                continue;
            }

            if (names is not null) names.Looked++;
            if (ModuleTypes.TryRead(path) is not { } types) continue;
            names?.Add(types);
            if (types.AsSpan().IndexOf(wanted) >= 0 && Has(types, bare, kind, kernel)) return $"The module '{module}' has it, and is not loaded: modprobe {module}.";
        }

        _known = known ??= names;
        return Absent(known!, name, kind, loaded);
    }

    private static string? Absent(ModuleNames names, string name, BtfKind kind, string loaded)
    {
        if (names.Looked + names.Packed == 0) return null;
        if (kind == BtfKind.Function && names.Packed > 0 && Exporter(names.Folder, name) is string exporter && !Directory.Exists(Path.Combine(loaded, exporter)))
            return $"The module '{exporter}' exports it, and is not loaded: modprobe {exporter}.";
        return names.Looked == 0
            ? string.Create(CultureInfo.InvariantCulture, $"Whether a module has it that is not loaded is not known: the {names.Packed} in {names.Folder} are compressed.")
            : string.Create(CultureInfo.InvariantCulture, $"None of the {names.Looked} modules in {names.Folder} that are not loaded has it.{(names.Packed == 0 ? "" : $" {names.Packed} more are compressed, and were not looked into.")}");
    }

    // What depmod wrote of the symbols that modules export: "alias symbol:nf_conn_get nf_conntrack". Modules that are packed by others than
    // gzip are known by it alone.
    private static string? Exporter(string folder, string name)
    {
        if (SystemFile.TryReadBytes(Path.Combine(folder, "modules.symbols"), out _) is not { } bytes) return null;
        byte[] wanted = Encoding.UTF8.GetBytes($"alias symbol:{name} ");
        using var lines = new LineReader(new MemoryStream(bytes));
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith(wanted)) return Encoding.UTF8.GetString(line[wanted.Length..]).Trim().Replace('-', '_');
        }

        return null;
    }

    private static bool Has(byte[] types, ReadOnlySpan<byte> name, BtfKind kind, Func<BtfReader?> kernel)
    {
        try
        {
            return kernel() is BtfReader known && BtfReader.Read(types, known).TryFindOwn(name, kind, out _);
        }
        catch (Exception failure) when (failure is BpfException or BpfFormatException)
        {
            // Built for another kernel, or against a part of its types: then nothing can be said of it.
            return false;
        }
    }

    private static IEnumerable<string> Files(string folder)
    {
        if (!Directory.Exists(folder)) yield break;
        int count = 0;
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MatchCasing = MatchCasing.CaseSensitive };
        foreach (string path in Directory.EnumerateFiles(folder, "*.ko*", options))
        {
            string name = Path.GetFileName(path);
            if (!name.EndsWith(".ko", StringComparison.Ordinal) && !name.EndsWith(".ko.xz", StringComparison.Ordinal) && !name.EndsWith(".ko.zst", StringComparison.Ordinal) && !name.EndsWith(".ko.gz", StringComparison.Ordinal)) continue;
            if (++count > MostModules) yield break;
            yield return path;
        }
    }

    // The kernel writes underscores where files may have hyphens.
    private static string Name(string path)
    {
        string file = Path.GetFileName(path);
        return file[..file.IndexOf(".ko", StringComparison.Ordinal)].Replace('-', '_');
    }
}
