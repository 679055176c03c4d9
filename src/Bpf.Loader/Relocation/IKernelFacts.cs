using System.Collections.Generic;

namespace Bpf.Loader.Relocation;

/// <summary>What externs are resolved from: the running kernel, or a description of another one.</summary>
internal interface IKernelFacts : ITargetTypes
{
    /// <summary>The kernel's version as <c>KERNEL_VERSION</c> encodes it.</summary>
    uint Version { get; }

    /// <summary>True when attachments can carry a cookie (Linux 5.15).</summary>
    bool HasCookie { get; }

    /// <summary>True when system calls have wrappers whose names begin with the architecture (Linux 4.17).</summary>
    bool HasSyscallWrapper { get; }

    /// <summary>Finds a line of the kernel's configuration, such as <c>250</c> for <c>CONFIG_HZ</c>; strings are in quotes.</summary>
    /// <returns>False when the kernel is configured without it.</returns>
    /// <exception cref="BpfException">The configuration cannot be read.</exception>
    bool TryGetConfig(string name, out string value);

    /// <summary>The addresses of kernel symbols; those that do not exist are missing.</summary>
    /// <exception cref="BpfException">The symbols cannot be read.</exception>
    IReadOnlyDictionary<string, KernelSymbolAddress> FindSymbols(IReadOnlyCollection<string> names);
}
