using System;
using System.IO;
using System.IO.MemoryMappedFiles;

namespace Bpf.Loader.Fuzz.Running;

/// <summary>What a worker is at, in a file that both sides have mapped: it outlives a worker that is torn down in the middle of an input.</summary>
internal sealed class Progress : IDisposable
{
    private const int Length = 64;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    /// <summary>Opens the file, and makes it when there is none.</summary>
    public Progress(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Length);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>The input that is run; those before it are done.</summary>
    public long Input
    {
        get => _view.ReadInt64(0);
        set => _view.Write(0, value);
    }

    /// <summary>How many were understood.</summary>
    public long Accepted
    {
        get => _view.ReadInt64(8);
        set => _view.Write(8, value);
    }

    /// <summary>How many were refused.</summary>
    public long Refused
    {
        get => _view.ReadInt64(16);
        set => _view.Write(16, value);
    }

    /// <summary>The time of the slowest input, in ticks.</summary>
    public long Slowest
    {
        get => _view.ReadInt64(24);
        set => _view.Write(24, value);
    }

    /// <summary>The slowest input.</summary>
    public long SlowestInput
    {
        get => _view.ReadInt64(32);
        set => _view.Write(32, value);
    }

    /// <summary>The most that an input allocated.</summary>
    public long Allocated
    {
        get => _view.ReadInt64(40);
        set => _view.Write(40, value);
    }

    /// <summary>The input that allocated the most.</summary>
    public long AllocatedInput
    {
        get => _view.ReadInt64(48);
        set => _view.Write(48, value);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
