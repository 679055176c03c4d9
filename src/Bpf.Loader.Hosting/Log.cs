using System;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;

namespace Bpf.Loader.Hosting;

/// <summary>What the host's log is told.</summary>
[SupportedOSPlatform("linux")]
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Loaded {Object}: {Programs} programs, {Maps} maps")]
    public static partial void Loaded(ILogger logger, string @object, int programs, int maps);

    [LoggerMessage(2, LogLevel.Error, "{Object} cannot be loaded")]
    public static partial void LoadRefused(ILogger logger, Exception error, string @object);

    [LoggerMessage(3, LogLevel.Debug, "The verifier about {Program}:\n{VerifierLog}")]
    public static partial void VerifierLog(ILogger logger, string program, string verifierLog);

    [LoggerMessage(4, LogLevel.Information, "Attached {Program} to {Target}")]
    public static partial void Attached(ILogger logger, string program, string target);

    [LoggerMessage(6, LogLevel.Warning, "{Program} cannot be attached; going on without it")]
    public static partial void AttachFailed(ILogger logger, Exception error, string program);

    [LoggerMessage(7, LogLevel.Error, "{Object} cannot be attached")]
    public static partial void AttachRefused(ILogger logger, Exception error, string @object);

    [LoggerMessage(8, LogLevel.Information, "Detached {Object}: {Links} links")]
    public static partial void Detached(ILogger logger, string @object, int links);

    [LoggerMessage(9, LogLevel.Warning, "Programs run uncounted")]
    public static partial void NoStatistics(ILogger logger, Exception error);

    [LoggerMessage(10, LogLevel.Error, "Reading events of {Map} has ended")]
    public static partial void ReadingFailed(ILogger logger, Exception error, string map);

    [LoggerMessage(11, LogLevel.Warning, "{Map}: not all events were handed over before the end")]
    public static partial void DrainEnded(ILogger logger, string map);

    public static void Diagnostic(ILogger logger, BpfFinding finding)
    {
        LogLevel level = finding.Severity switch
        {
            BpfSeverity.Info => LogLevel.Debug,
            BpfSeverity.Warning => LogLevel.Warning,
            _ => LogLevel.Error,
        };
        if (!logger.IsEnabled(level)) return;
        string code = finding.Id.ToCode();
        Diagnostic(logger, level, code, finding.Message, finding.Place);
    }

    [LoggerMessage(EventId = 12, Message = "{Code}: {Message} {Location}")]
    private static partial void Diagnostic(ILogger logger, LogLevel level, string code, string message, BpfLocation location);
}
