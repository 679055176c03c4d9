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

    [LoggerMessage(13, LogLevel.Error, "{Link} is not attached any more: {Reason}")]
    public static partial void Vanished(ILogger logger, string link, string reason);

    [LoggerMessage(14, LogLevel.Information, "Attached {Link} again, to {Target}")]
    public static partial void AttachedAgain(ILogger logger, string link, string target);

    [LoggerMessage(15, LogLevel.Warning, "{Link} cannot be attached yet; trying again every {Interval}")]
    public static partial void NotAttachedAgain(ILogger logger, Exception error, string link, TimeSpan interval);

    [LoggerMessage(EventId = 16, Message = "{Map} had no room for {Count} events")]
    public static partial void Dropped(ILogger logger, LogLevel level, string map, long count);

    [LoggerMessage(17, LogLevel.Information, "{Link} goes on with this program, pinned as {Path}: {Target}")]
    public static partial void TakenOver(ILogger logger, string link, string? path, string target);

    [LoggerMessage(18, LogLevel.Information, "Left {Object} attached: {Links} links, pinned below {Folder}")]
    public static partial void LeftAttached(ILogger logger, string @object, int links, string folder);

    [LoggerMessage(19, LogLevel.Information, "Took over {Entries} entries of {Map} from the map of {OldSize} bytes a value, pinned as {Path}")]
    public static partial void Migrated(ILogger logger, string map, long entries, int oldSize, string path);

    [LoggerMessage(20, LogLevel.Warning, "Programs of the version before wrote into {Map} after its entries were taken over: what they wrote last is lost")]
    public static partial void WrittenMeanwhile(ILogger logger, string map);

    [LoggerMessage(21, LogLevel.Warning, "{Count} records of {Map} are no entries of a log")]
    public static partial void Malformed(ILogger logger, string map, long count);

    [LoggerMessage(22, LogLevel.Information, "{Program} is attached to each of the {Targets}: {How}")]
    public static partial void Follows(ILogger logger, string program, string targets, string how);

    [LoggerMessage(23, LogLevel.Information, "Detached {Link}: its target is gone")]
    public static partial void TargetGone(ILogger logger, string link);

    [LoggerMessage(24, LogLevel.Error, "{Program}: the {Targets} cannot be looked for")]
    public static partial void TargetsUnknown(ILogger logger, Exception error, string program, string targets);

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
