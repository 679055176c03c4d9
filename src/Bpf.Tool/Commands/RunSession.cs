using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader;
using Bpf.Loader.Logging;
using Bpf.Tool.Events;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary>Runs an object: attaches its programs and prints its events until it is told to stop.</summary>
[SupportedOSPlatform("linux")]
internal sealed class RunSession(RunRequest request) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Runs until a signal, the end of the time, or the end of the output.</summary>
    /// <exception cref="UsageException">The request names something that the object does not have.</exception>
    /// <exception cref="BpfException">The kernel refuses something.</exception>
    /// <exception cref="BpfFormatException">The file is malformed.</exception>
    public int Run()
    {
        BpfObjectFile file = BpfObjectFile.Open(request.File);
        foreach (string assignment in request.Assignments)
            VariableAssignment.Apply(file, assignment);
        IReadOnlyList<EventType> types = EventTypes.Find(file, request.Events);

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        using BpfObject loaded = file.Load(LoadFindings.Printed(request.File, request.Btf is null ? null : BtfFile.Read(request.Btf)));
        using Stream output = request.Json ? StandardOutput.OpenJson() : StandardOutput.OpenText();
        using IEventPrinter printer = request.Json ? new JsonEventPrinter(output, file.Btf) : new TextEventPrinter(output, file.Btf, types);
        List<EventPump> pumps = [];
        try
        {
            var gate = new Lock();
            foreach (EventType type in types)
            {
                if (loaded.Maps.TryGet(type.Map, out BpfMap? map))
                    pumps.Add(new EventPump(map, type, printer, gate, _stop));
            }

            if (BpfLogReader.TryOpen(loaded) is { } log) pumps.Add(new EventPump(log, printer, gate, _stop));

            // Whoever attaches first and reads later misses nothing either, but a busy ring would be full by then.
            foreach (EventPump pump in pumps)
                pump.Start();
            using (BpfLinkCollection links = loaded.AttachAll())
            {
                Announce(links, types);
                Wait();
            }

            // Detached: what comes out now is all that there will be.
            foreach (EventPump pump in pumps)
                pump.Finish();
            return Conclude(pumps);
        }
        finally
        {
            _stop.Cancel();
            foreach (EventPump pump in pumps)
                pump.Dispose();
        }
    }

    public void Dispose() => _stop.Dispose();

    private void Stop(PosixSignalContext signal)
    {
        // The second signal ends the process, should the first not have done it.
        signal.Cancel = !_stop.IsCancellationRequested;
        _stop.Cancel();
    }

    private void Wait()
    {
        if (request.Duration is TimeSpan duration)
            _stop.CancelAfter(duration);
        _stop.Token.WaitHandle.WaitOne();
    }

    private void Announce(BpfLinkCollection links, IReadOnlyList<EventType> types)
    {
        foreach (EventType type in types.Where(type => type.Name is null))
            Console.Error.WriteLine($"bpf: nothing says what '{type.Map}' carries, so it is printed as bytes; --event {type.Map}=TYPE says it.");
        if (request.Json)
            return;
        string until = request.Duration is null ? "Ctrl-C ends it." : "Ctrl-C ends it sooner.";
        Console.Error.WriteLine($"{links.Count} {(links.Count == 1 ? "program is" : "programs are")} attached. {until}");
    }

    private static int Conclude(List<EventPump> pumps)
    {
        long lost = pumps.Sum(pump => pump.Lost);
        if (lost > 0)
            Console.Error.WriteLine($"bpf: {lost} events were lost, because they came faster than they were read.");

        long malformed = pumps.Sum(pump => pump.Malformed);
        if (malformed > 0)
            Console.Error.WriteLine($"bpf: {malformed} records of '{BpfLog.MapName}' were no entries of a log.");

        // A closed pipe is how 'head' says that it has enough.
        foreach (EventPump pump in pumps)
        {
            if (pump.Failure is not null and not IOException)
                throw pump.Failure;
        }

        return ExitCode.Done;
    }
}
