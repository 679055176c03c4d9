namespace Bpf.Loader.Logging;

/// <summary>What an argument is: <c>enum bpf_log_kind</c>.</summary>
internal enum LogArgumentKind : byte
{
    Signed = 1,
    Unsigned,
    Boolean,
    Pointer,
    Text,
    Bytes,
    KernelString,
    UserString,
    IP4,
}
