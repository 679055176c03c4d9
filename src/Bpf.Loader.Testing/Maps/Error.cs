namespace Bpf.Loader.Testing.Maps;

/// <summary>The numbers that helpers return for what they refuse.</summary>
internal static class Error
{
    public const long NotPermitted = -1, NoEntry = -2, TooBig = -7, TryAgain = -11, NoMemory = -12, AccessDenied = -13, Fault = -14, Busy = -16, Exists = -17, NoDevice = -19,
        Invalid = -22, NoSpace = -28, OutOfRange = -34, Deadlock = -35, NameTooLong = -36, NoData = -61, Overflow = -75, MessageSize = -90, NotSupported = -95, NotSupportedInternally = -524;
}
