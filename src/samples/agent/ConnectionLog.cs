using System.Net;
using Microsoft.Extensions.Logging;
using static Bpf.Samples.Tcpconnect;

namespace Bpf.Samples;

/// <summary>Logs connections as they are opened.</summary>
internal sealed partial class ConnectionLog(ILogger<ConnectionLog> logger, AgentMetrics metrics) : IBpfEventHandler<ConnectEvent>
{
    public ValueTask HandleAsync(ConnectEvent connecting, CancellationToken cancellationToken)
    {
        metrics.Connecting(connecting.Port);
        LogConnection(connecting.Comm.ToString(), connecting.Pid, Destination(connecting));
        return ValueTask.CompletedTask;
    }

    private static IPEndPoint Destination(in ConnectEvent connecting)
    {
        const ushort ipv4 = 2; // AF_INET
        return new IPEndPoint(new IPAddress(connecting.Destination[..(connecting.Family == ipv4 ? 4 : 16)]), connecting.Port);
    }

    [LoggerMessage(2, LogLevel.Information, "{Command} ({Pid}) connects to {Destination}")]
    private partial void LogConnection(string command, uint pid, IPEndPoint destination);
}
