using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Links;

namespace Bpf.Tool.Top;

/// <summary>How full maps are, by an iterator over all of them that reads the kernel's own counts.</summary>
/// <remarks>Hash tables have a count since Linux 6.6; where there is none, or no iterator (before 5.8), it stays unknown.</remarks>
[SupportedOSPlatform("linux")]
internal sealed class MapFill : IDisposable
{
    private readonly BpfObject? _bpf;
    private readonly BpfIteratorLink? _iterator;

    public MapFill()
    {
        try
        {
            _bpf = BpfObjectFile.Read(ReadObject(), "fill.bpf.o").Load();
            _iterator = _bpf.Programs["fill"].AttachIterator(new IteratorOptions());
        }
        catch (BpfLoaderException)
        {
            // The programs are what is asked for: of a kernel that has no iterators, or lets nobody have one, they are shown as well.
            _bpf?.Dispose();
            _bpf = null;
        }
    }

    /// <summary>The number of the program that reads the counts; 0 when there is none.</summary>
    public uint ProgramId => _bpf?.Programs["fill"].Id ?? 0;

    /// <summary>The number of its link; 0 when there is none.</summary>
    public uint LinkId => _iterator?.Id ?? 0;

    /// <summary>The counts of the maps that have one, by the numbers of the maps.</summary>
    public IReadOnlyDictionary<uint, ulong> Read()
    {
        var counts = new Dictionary<uint, ulong>();
        if (_iterator is null) return counts;
        using Stream stream = _iterator.OpenRead();
        using var all = new MemoryStream();
        stream.CopyTo(all);
        foreach (Line line in MemoryMarshal.Cast<byte, Line>(all.GetBuffer().AsSpan(0, (int)all.Length))) counts[line.Id] = line.Count;
        return counts;
    }

    public void Dispose()
    {
        _iterator?.Dispose();
        _bpf?.Dispose();
    }

    private static byte[] ReadObject()
    {
        using Stream resource = typeof(MapFill).Assembly.GetManifestResourceStream("fill.bpf.o")!;
        byte[] image = new byte[resource.Length];
        resource.ReadExactly(image);
        return image;
    }

    // struct fill of fill.bpf.c.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Line
    {
        public readonly uint Id;
        public readonly uint Unused;
        public readonly ulong Count;
    }
}
