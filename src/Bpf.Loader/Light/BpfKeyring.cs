namespace Bpf.Loader.Light;

/// <summary>The keys that the kernel checks a signature with; any other value is the serial number of a key ring (<c>keyctl</c>(1)).</summary>
/// <remarks>Values equal those of <c>bpf_lookup_system_key</c> and <c>KEY_SPEC_*</c> of the uapi.</remarks>
public enum BpfKeyring
{
    /// <summary>Those that are built into the kernel.</summary>
    Builtin = 0,

    /// <summary>Those that are built in, and those that root added to the secondary ring and one of them vouches for.</summary>
    Secondary = 1,

    /// <summary>Those of the machine's firmware.</summary>
    Platform = 2,

    /// <summary><c>KEY_SPEC_THREAD_KEYRING</c>: those of the thread.</summary>
    Thread = -1,

    /// <summary><c>KEY_SPEC_PROCESS_KEYRING</c>: those of the process.</summary>
    Process = -2,

    /// <summary><c>KEY_SPEC_SESSION_KEYRING</c>: those of the session.</summary>
    Session = -3,

    /// <summary><c>KEY_SPEC_USER_KEYRING</c>: those of the user.</summary>
    User = -4,
}
