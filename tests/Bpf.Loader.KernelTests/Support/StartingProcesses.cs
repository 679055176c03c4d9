using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>Starts short processes as long as it lives.</summary>
internal sealed class StartingProcesses : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _task;

    public StartingProcesses() => _task = Task.Run(Start);

    public void Dispose()
    {
        _stop.Cancel();
        _task.Wait();
        _stop.Dispose();
    }

    private void Start()
    {
        while (!_stop.IsCancellationRequested)
        {
            using Process process = Process.Start("true");
            process.WaitForExit();
            Thread.Sleep(20);
        }
    }
}
