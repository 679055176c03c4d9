using Microsoft.Extensions.Logging;
using static Bpf.Samples.Execsnoop;

namespace Bpf.Samples;

/// <summary>Logs processes as they start.</summary>
internal sealed partial class ProcessLog(ILogger<ProcessLog> logger, AgentMetrics metrics) : IBpfEventHandler<ExecEvent>
{
    public ValueTask HandleAsync(ExecEvent started, CancellationToken cancellationToken)
    {
        metrics.ProcessStarted(started.Uid);
        LogStart(started.Comm.ToString(), started.Pid, started.ParentPid);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Information, "{Command} started as process {Pid}, by {ParentPid}")]
    private partial void LogStart(string command, uint pid, uint parentPid);
}
