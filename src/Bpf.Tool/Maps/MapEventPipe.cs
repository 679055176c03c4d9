using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader;
using Bpf.Tool.Commands;
using Bpf.Tool.Events;
using Bpf.Tool.Output;

namespace Bpf.Tool.Maps;

/// <summary><c>bpf map event_pipe</c>: what programs send through a perf event array or ring buffer, until Ctrl-C.</summary>
[SupportedOSPlatform("linux")]
internal static class MapEventPipe
{
    public static void Run(Words words, JsonLines? json)
    {
        using BpfMap map = MapSelector.TakeOne(words);
        words.End();
        if (map.Type is not (BpfMapType.PerfEventArray or BpfMapType.RingBuf))
            throw new UsageException($"It is for perf event arrays and ring buffers; map '{map.Name}' is of type {KernelNames.Of(map.Type)}.");

        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using Stream output = json is not null ? StandardOutput.OpenJson() : StandardOutput.OpenText();
        // Nothing says what such a map carries.
        var type = new EventType(map.Name, null, default);
        using IEventPrinter printer = json is not null ? new JsonEventPrinter(output, map.Btf) : new TextEventPrinter(output, map.Btf, [type]);
        using var pump = new EventPump(map, type, printer, new Lock(), stop);
        pump.Start();
        stop.Token.WaitHandle.WaitOne();
        pump.Finish();
        if (pump.Failure is not null and not IOException)
            throw pump.Failure;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = !stop.IsCancellationRequested;
            stop.Cancel();
        }
    }
}
