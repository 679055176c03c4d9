using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Buffers;

/// <summary>What programs print with <c>bpf_printk</c>: the kernel's <c>trace_pipe</c>, line by line.</summary>
/// <remarks>
/// A line of the system's own pipe is read once, by whoever comes first; <see cref="OpenOwn"/> makes a pipe that nobody else reads.
/// One reader at a time. Disposing is safe at any moment and wakes a waiting reader. Needs CAP_SYS_ADMIN or access to tracefs.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class TracePipe : IDisposable, IRecordSource
{
    // The kernel says that there is something as soon as a page is half full, or after 10 ms; some kernels forget the latter.
    private const int RecheckMilliseconds = 100;

    private static int _instances;

    private readonly FileDescriptorHandle _pipe;
    private readonly EpollWaiter _waiter;
    private readonly TraceFs _files;
    private readonly string? _instance;
    private readonly byte[] _buffer = new byte[65536];
    private int _start;
    private int _end;
    private ReaderGate _gate;

    private TracePipe(TraceFs files, string? instance)
    {
        _files = files;
        _instance = instance;
        _pipe = files.OpenNonBlocking(instance is null ? "trace_pipe" : $"{instance}/trace_pipe");
        try
        {
            _waiter = EpollWaiter.For(_pipe, EpollEvents.In);
        }
        catch
        {
            _pipe.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    string IRecordSource.Name => "trace_pipe";

    /// <inheritdoc/>
    bool IRecordSource.IsClosed => _gate.IsClosed;

    /// <summary>Opens the system's pipe, which has what all programs print and all events that are switched on.</summary>
    /// <exception cref="BpfException">The process may not read it, or somebody has it open in a way that excludes others.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no tracefs.</exception>
    public static TracePipe Open() => new(TraceFs.Current, null);

    /// <summary>Makes a pipe of one's own that has what programs print from now on, and takes nothing from others (Linux 5.9).</summary>
    /// <exception cref="BpfException">The process may not.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel has no tracefs.</exception>
    public static TracePipe OpenOwn()
    {
        TraceFs files = TraceFs.Current;
        string name = string.Create(CultureInfo.InvariantCulture, $"instances/bpf-loader-{Environment.ProcessId}-{Interlocked.Increment(ref _instances)}");
        files.MakeDirectory(name);
        try
        {
            // bpf_trace_printk() has been an event like others since 5.9.
            files.Write($"{name}/events/bpf_trace/bpf_trace_printk/enable", "1");
            return new TracePipe(files, name);
        }
        catch
        {
            files.RemoveDirectory(name);
            throw;
        }
    }

    /// <summary>Waits until there is something to read; it may be a part of a line.</summary>
    /// <param name="timeout">How long at the most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns><see langword="false"/> when the time was over first.</returns>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The pipe is disposed, maybe while waiting.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    public bool Wait(TimeSpan timeout, CancellationToken cancellationToken = default) => RecordWait.For(this, timeout, cancellationToken);

    /// <summary>Takes the next line if there is one, without waiting.</summary>
    /// <param name="line">The line, without its end, such as <c>bash-12 [000] ..... 1.234: bpf_trace_printk: hello</c>.</param>
    /// <returns><see langword="false"/> when there is none at the moment.</returns>
    /// <exception cref="ObjectDisposedException">The pipe is disposed.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    /// <exception cref="BpfException">It cannot be read.</exception>
    public bool TryReadLine(out string line)
    {
        _gate.Enter("trace pipe", "");
        try
        {
            line = "";
            if (!TryTake(out ReadOnlySpan<byte> bytes))
                return false;
            line = Encoding.UTF8.GetString(bytes);
            return true;
        }
        finally
        {
            Exit();
        }
    }

    /// <summary>Streams the lines, until cancelled or until the pipe is disposed. A thread of its own reads the pipe.</summary>
    /// <param name="cancellationToken">Ends the stream.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The pipe was disposed before the stream began.</exception>
    /// <exception cref="InvalidOperationException">Somebody else is reading.</exception>
    public async IAsyncEnumerable<string> ReadLinesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (ReadOnlyMemory<byte> line in RecordStream.ReadAsync(this, RecheckMilliseconds, cancellationToken).ConfigureAwait(false))
            yield return Encoding.UTF8.GetString(line.Span);
    }

    /// <summary>Wakes a waiting reader and closes the pipe, at once or when the reader that is inside leaves.</summary>
    public void Dispose()
    {
        if (_gate.Close(_waiter))
            Free();
    }

    /// <inheritdoc/>
    void IRecordSource.Enter() => _gate.Enter("trace pipe", "");

    /// <inheritdoc/>
    void IRecordSource.Exit()
    {
        _waiter.Reset();
        Exit();
    }

    /// <inheritdoc/>
    int IRecordSource.Drain<TVisitor>(ref TVisitor visitor)
    {
        int count = 0;
        bool goOn = true;
        while (goOn && TryTake(out ReadOnlySpan<byte> line))
        {
            count++;
            goOn = visitor.Visit(line);
        }

        return count;
    }

    /// <inheritdoc/>
    bool IRecordSource.HasRecords() => _end > _start || Fill();

    /// <inheritdoc/>
    WaitResult IRecordSource.Wait(int milliseconds) => _waiter.WaitOnce(milliseconds);

    /// <inheritdoc/>
    void IRecordSource.Wake() => _waiter.Wake();

    private bool TryTake(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            ReadOnlySpan<byte> pending = _buffer.AsSpan(_start, _end - _start);
            int length = pending.IndexOf((byte)'\n');
            if (length >= 0)
            {
                line = pending[..length];
                _start += length + 1;
                return true;
            }

            // A line that is longer than the buffer is given in pieces.
            if (pending.Length == _buffer.Length)
            {
                line = pending;
                _start = _end;
                return true;
            }

            if (!Fill())
            {
                line = default;
                return false;
            }
        }
    }

    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        int count = KernelFile.Read(_pipe, _buffer.AsSpan(_end), out Errno errno);
        if (count < 0 && errno != Errno.EAGAIN)
            throw new BpfException("read", errno, "trace_pipe", null);
        _end += Math.Max(count, 0);
        return count > 0;
    }

    private void Exit()
    {
        if (_gate.Exit())
            Free();
    }

    private void Free()
    {
        _waiter.Dispose();
        _pipe.Dispose();
        if (_instance is not null)
            _files.RemoveDirectory(_instance);
    }
}
