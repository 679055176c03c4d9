using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Symbols.Interop;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Loader.Symbols.Processes;

/// <summary>
/// What a runtime compiled, from the file that it writes for profilers, <c>/tmp/perf-PID.map</c>: lines of address, size and name. The file
/// grows while the process runs; only what is new is read.
/// </summary>
internal sealed class PerfMap
{
    private const int Largest = 64 << 20, Piece = 1 << 20;

    private readonly List<Method> _methods = [];
    private readonly Dictionary<Method, string> _names = [];
    private byte[] _texts = [];
    private int _textsLength;
    private long _read;
    private bool _isSorted = true;

    /// <summary>About how much memory it takes.</summary>
    public long Bytes => _texts.Length + (_methods.Count * 32L);

    /// <summary>How many methods there are.</summary>
    public int Count => _methods.Count;

    /// <summary>Reads what was added since the last time.</summary>
    /// <param name="root">The root directory of the process.</param>
    /// <param name="path">The path of the file in it.</param>
    /// <param name="owner">The user of the process: what others put there is not believed.</param>
    /// <returns>False when there is no such file.</returns>
    [SupportedOSPlatform("linux")]
    public bool Update(SafeFileHandle root, string path, uint owner)
    {
        using SafeFileHandle? file = Files.OpenInRoot(root, path);
        if (file is null || Files.StatusOf(file) is not FileStatus status || (status.Owner != owner && status.Owner != 0)) return false;
        if (RandomAccess.GetLength(file) < _read) Clear(); // another file, of a process that had the number before
        byte[] buffer = new byte[Piece];
        while (_textsLength < Largest)
        {
            int count = RandomAccess.Read(file, buffer, _read);
            // The runtime may be in the middle of the last line.
            int end = buffer.AsSpan(0, count).LastIndexOf((byte)'\n') + 1;
            if (end == 0) break;
            Add(buffer.AsSpan(0, end));
            _read += end;
        }

        return true;
    }

    /// <summary>Adds lines.</summary>
    public void Add(ReadOnlySpan<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            int end = lines.IndexOf((byte)'\n');
            AddLine(end < 0 ? lines : lines[..end]);
            lines = end < 0 ? default : lines[(end + 1)..];
        }
    }

    /// <summary>The method that an address is in.</summary>
    public bool TryFind(ulong address, out string name, out ulong offset)
    {
        if (!_isSorted) Sort();
        int low = 0, high = _methods.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_methods[middle].Start <= address) low = middle + 1;
            else high = middle;
        }

        (name, offset) = ("", 0);
        if (low == 0) return false;
        Method method = _methods[low - 1];
        offset = address - method.Start;
        if (offset >= method.Size) return false;
        if (!_names.TryGetValue(method, out name!)) _names.Add(method, name = Encoding.UTF8.GetString(_texts.AsSpan(method.Name, method.NameLength)));
        return true;
    }

    // "7f0a1c3d5e80 4b void [app] App.Worker::Spin(int32)[OptimizedTier1]"; .NET writes 0x in front from version 10 on.
    private void AddLine(ReadOnlySpan<byte> line)
    {
        if (!Hex(ref line, out ulong start) || !Hex(ref line, out ulong size)) return;
        line = line.Trim((byte)' ').TrimEnd((byte)'\r');
        if (line.IsEmpty || size is 0 or > uint.MaxValue) return;
        if (line.Length > _texts.Length - _textsLength) Array.Resize(ref _texts, Math.Max(_texts.Length * 2, _textsLength + line.Length + 4096));
        line.CopyTo(_texts.AsSpan(_textsLength));
        _isSorted = _isSorted && (_methods.Count == 0 || _methods[^1].Start + _methods[^1].Size <= start);
        _methods.Add(new Method(start, (uint)size, _textsLength, line.Length));
        _textsLength += line.Length;
    }

    // Memory is used again: of two methods at one place the one that was written later is there now, and those that it covers are gone.
    private void Sort()
    {
        Method[] inOrder = [.. _methods];
        Array.Sort(inOrder, (left, right) => left.Start != right.Start ? left.Start.CompareTo(right.Start) : left.Name.CompareTo(right.Name));
        _methods.Clear();
        foreach (Method method in inOrder)
        {
            bool isCovered = false;
            while (_methods.Count > 0 && _methods[^1].Start + _methods[^1].Size > method.Start)
            {
                isCovered = _methods[^1].Name > method.Name;
                if (isCovered) break;
                _methods.RemoveAt(_methods.Count - 1);
            }

            if (!isCovered) _methods.Add(method);
        }

        _isSorted = true;
    }

    private void Clear()
    {
        _methods.Clear();
        _names.Clear();
        (_texts, _textsLength, _read, _isSorted) = ([], 0, 0, true);
    }

    private static bool Hex(ref ReadOnlySpan<byte> text, out ulong value)
    {
        text = text.TrimStart((byte)' ');
        if (text.StartsWith("0x"u8) || text.StartsWith("0X"u8)) text = text[2..];
        if (!Utf8Parser.TryParse(text, out value, out int used, 'x') || used >= text.Length || text[used] != ' ') return false;
        text = text[used..];
        return true;
    }

    private readonly record struct Method(ulong Start, uint Size, int Name, int NameLength);
}
