namespace Bpf.Loader.Logging;

/// <summary>How grave an entry is; the numbers are those of <c>Microsoft.Extensions.Logging.LogLevel</c>, and of <c>bpf_log.h</c>.</summary>
public enum BpfLogLevel
{
    /// <summary><c>bpf_trace</c>.</summary>
    Trace = 0,

    /// <summary><c>bpf_debug</c>.</summary>
    Debug = 1,

    /// <summary><c>bpf_info</c>.</summary>
    Info = 2,

    /// <summary><c>bpf_warn</c>.</summary>
    Warn = 3,

    /// <summary><c>bpf_error</c>.</summary>
    Error = 4,
}
