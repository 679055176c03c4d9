using Bpf.Loader.Classic;

namespace Bpf.Loader.Testing;

/// <summary>What a filter of system calls decided.</summary>
/// <param name="Action">What happens to the call.</param>
/// <param name="Data">What goes with it: of <see cref="SeccompAction.Errno"/> the error.</param>
public readonly record struct SeccompVerdict(SeccompAction Action, ushort Data);
