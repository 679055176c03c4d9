using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Bpf.Loader.Buffers;

/// <summary>Carries records from a buffer to one asynchronous reader, by a thread of its own, so that no pool thread ever blocks.</summary>
/// <remarks>
/// Records travel in chunks: as many as are there at the moment, so that one event is not delayed and a thousand cost one hand-over.
/// There is a fixed number of chunks. When the reader is slow and none is empty, the thread waits and the kernel's buffer fills: the
/// program then sees that its reservations fail, and counts what is lost.
/// </remarks>
internal sealed class RecordPump<TChunk> : IAsyncDisposable
    where TChunk : class, IRecordChunk, new()
{
    private const int ChunkCount = 4;

    private readonly IRecordSource _source;
    private readonly int _interval;
    private readonly Channel<TChunk> _full = Channel.CreateUnbounded<TChunk>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
    private readonly ConcurrentQueue<TChunk> _empty = new();
    private readonly SemaphoreSlim _emptyCount = new(0);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TChunk? _current;
    private volatile bool _stopping;

    private RecordPump(IRecordSource source, int interval)
    {
        _source = source;
        _interval = interval;
        for (int i = 0; i < ChunkCount; i++)
            _empty.Enqueue(new TChunk());
        _emptyCount.Release(ChunkCount);
    }

    /// <summary>The filled chunks, to be given back with <see cref="Return"/>. It ends when the source is disposed.</summary>
    public ChannelReader<TChunk> Chunks => _full.Reader;

    /// <summary>Becomes the reader of a source and starts the thread.</summary>
    /// <param name="source">The buffer.</param>
    /// <param name="interval">After how many milliseconds to look into the buffer though nothing was signalled; -1 for never.</param>
    /// <exception cref="ObjectDisposedException">The source is disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading it.</exception>
    public static RecordPump<TChunk> Start(IRecordSource source, int interval)
    {
        source.Enter();
        try
        {
            var pump = new RecordPump<TChunk>(source, interval);
            new Thread(pump.Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = $"bpf {source.Name}" }.Start();
            return pump;
        }
        catch
        {
            source.Exit();
            throw;
        }
    }

    /// <summary>Gives a chunk back once it is read.</summary>
    public void Return(TChunk chunk)
    {
        chunk.Clear();
        _empty.Enqueue(chunk);
        _emptyCount.Release();
    }

    /// <summary>Ends the thread and waits, without blocking, until it no longer reads.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _emptyCount.Release(); // In case it waits for an empty chunk.
        try
        {
            _source.Wake();
        }
        catch (ObjectDisposedException)
        {
            // The thread has ended already, and the source was disposed.
        }

        await _ended.Task.ConfigureAwait(false);
        _emptyCount.Dispose();
    }

    private void Run()
    {
        Exception? error = null;
        try
        {
            Pump();
        }
        catch (Exception e)
        {
            // The reader gets it, after the records before it: there is nobody else to tell on this thread.
            error = e;
            Publish();
        }

        try
        {
            _source.Exit();
        }
        finally
        {
            _full.Writer.TryComplete(error);
            _ended.SetResult();
        }
    }

    private void Pump()
    {
        var filler = new Filler(this);
        var spin = default(SpinWait);
        WaitResult last = WaitResult.TimedOut;
        while (!_stopping && !_source.IsClosed)
        {
            if (_source.Drain(ref filler) != 0)
            {
                Publish();
                spin.Reset();
                last = WaitResult.TimedOut;
                continue;
            }

            // The kernel calls a buffer readable whose oldest record is still being written: do not ask it without end.
            if (last == WaitResult.Ready)
                spin.SpinOnce();
            last = _source.Wait(_interval);
        }
    }

    private bool Add(ReadOnlySpan<byte> record)
    {
        if (_current is not null)
        {
            if (_current.TryAdd(record))
                return true;
            Publish();
        }

        _emptyCount.Wait();
        if (_stopping || !_empty.TryDequeue(out _current))
            return false;
        return _current.TryAdd(record);
    }

    private void Publish()
    {
        if (_current is null)
            return;
        _full.Writer.TryWrite(_current);
        _current = null;
    }

    private readonly struct Filler(RecordPump<TChunk> pump) : IRecordVisitor
    {
        public bool Visit(ReadOnlySpan<byte> record) => pump.Add(record);
    }
}
