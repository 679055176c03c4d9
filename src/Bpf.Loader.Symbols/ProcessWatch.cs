using System;
using System.IO;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Buffers;
using Bpf.Loader.Symbols.Processes;

namespace Bpf.Loader.Symbols;

/// <summary>
/// Tells a <see cref="ProcessTable"/> of every process when it begins to run a program, by a BPF program at the tracepoint
/// <c>sched:sched_process_exec</c>: those that end before anybody could look are known too.
/// </summary>
/// <remarks>
/// Of such, the namespaces are not known, and the container only where cgroups of version 2 are in use. Linux 5.8, with the kernel's types;
/// CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class ProcessWatch : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ProcessTable _table;
    private readonly BpfObject _bpf;
    private readonly BpfLink _link;
    private readonly RingBuffer _ring;
    private readonly Thread _thread;

    private ProcessWatch(ProcessTable table, BpfObject bpf, BpfLink link, RingBuffer ring)
    {
        (_table, _bpf, _link, _ring) = (table, bpf, link, ring);
        _thread = new Thread(Read) { IsBackground = true, Name = "process watch" };
        _thread.Start();
    }

    /// <summary>How many processes were missed since they came faster than they were read.</summary>
    public long Dropped => (long)_bpf.Globals["dropped"].Get<ulong>();

    /// <summary>Begins to watch.</summary>
    /// <param name="table">The table that is told.</param>
    /// <exception cref="BpfLoaderException">The kernel refused.</exception>
    public static ProcessWatch Start(ProcessTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        BpfObject bpf = BpfObjectFile.Read(ReadObject(), "process_watch.bpf.o").Load();
        BpfLink? link = null;
        try
        {
            link = bpf.Programs["process_started"].AttachTracepoint("sched", "sched_process_exec");
            return new ProcessWatch(table, bpf, link, bpf.Maps["events"].OpenRingBuffer());
        }
        catch
        {
            link?.Dispose();
            bpf.Dispose();
            throw;
        }
    }

    /// <summary>Stops watching; what is known stays in the table.</summary>
    public void Dispose()
    {
        if (_stop.IsCancellationRequested) return;
        _link.Dispose();
        _stop.Cancel();
        _thread.Join();
        _ring.Dispose();
        _bpf.Dispose();
        _stop.Dispose();
    }

    private void Read()
    {
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                _ring.Wait(Timeout.InfiniteTimeSpan, _stop.Token);
                _ring.Consume(Take);
            }
        }
        catch (OperationCanceledException)
        {
            _ring.Consume(Take); // what came before the end
        }
    }

    private void Take(ReadOnlySpan<byte> record)
    {
        if (ExecEvent.Read(record) is not ProcessInfo info) return;
        _table.Add(info);
        // While it lives the kernel tells more: its namespaces, and the whole path of its program.
        _table.Observe(info.ProcessId);
    }

    private static byte[] ReadObject()
    {
        using Stream resource = typeof(ProcessWatch).Assembly.GetManifestResourceStream("process_watch.bpf.o")!;
        byte[] image = new byte[resource.Length];
        resource.ReadExactly(image);
        return image;
    }
}
