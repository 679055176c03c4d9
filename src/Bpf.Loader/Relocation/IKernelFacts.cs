using System.Collections.Generic;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Relocation;

/// <summary>What externs are resolved from: the running kernel, or a description of another one.</summary>
internal interface IKernelFacts : ITargetTypes
{
    /// <summary>What messages call the types, such as the name of a file in quotes; null for those of the running kernel.</summary>
    string? Name { get; }

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

    /// <summary>Looks for a type or function that is missing where the types do not reach, for messages alone: in modules that are not loaded.</summary>
    /// <returns>What was found, and where was looked, a sentence; null when there is nowhere else to look.</returns>
    string? FindElsewhere(BtfKind kind, string name) => null;

    /// <summary>Looks for what is called nearly as a kernel symbol that is missing, for messages alone.</summary>
    /// <returns>A sentence; null when nothing is, or when it cannot be looked for.</returns>
    string? FindNearSymbol(string name) => null;

    /// <summary>Looks for what is called nearly as an option of the configuration that is missing, for messages alone.</summary>
    /// <returns>A sentence; null when nothing is, or when it cannot be looked for.</returns>
    string? FindNearConfig(string name) => null;
}
