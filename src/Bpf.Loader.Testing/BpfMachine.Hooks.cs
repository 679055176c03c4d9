using System;
using System.Collections.Generic;

namespace Bpf.Loader.Testing;

public sealed partial class BpfMachine
{
    /// <summary>The tree of cgroups.</summary>
    public MachineCgroups Cgroups { get; } = new();

    /// <summary>
    /// What the hook returns to whoever ran into it, where programs can see and set it: <c>bpf_get_retval</c>, <c>bpf_set_retval</c> and
    /// <c>bpf_override_return</c>.
    /// </summary>
    public int HookResult { get; set; }

    /// <summary>The stack of the kernel that programs see, the innermost address first; empty for none.</summary>
    public IReadOnlyList<ulong> KernelStack { get; set; } = [];

    /// <summary>The stack of the process that programs see, the innermost address first; empty for none.</summary>
    public IReadOnlyList<ulong> UserStack { get; set; } = [];

    /// <summary>The cookie of the attachment, for <c>bpf_get_attach_cookie</c>.</summary>
    public ulong Cookie { get; set; }

    /// <summary>The address of the function that a probe is in, for <c>bpf_get_func_ip</c>.</summary>
    public ulong FunctionAddress { get; set; }

    /// <summary>Finds the sockets that <c>bpf_sk_lookup_tcp</c> and its like look for; null for none.</summary>
    public BpfSocketLookup? FindSocket { get; set; }

    /// <summary>Finds where packets go, for <c>bpf_fib_lookup</c>; null when the test does not say.</summary>
    public BpfRouteLookup? FindRoute { get; set; }

    /// <summary>The symbols of the kernel, for <c>bpf_kallsyms_lookup_name</c>.</summary>
    public IDictionary<string, ulong> KernelSymbols { get; } = new Dictionary<string, ulong>();

    /// <summary>The options of sockets that programs set and get, by level and name.</summary>
    public IDictionary<(int Level, int Name), byte[]> SocketOptions { get; } = new Dictionary<(int Level, int Name), byte[]>();

    /// <summary>The text of a path by the address of its <c>struct path</c>, for <c>bpf_d_path</c>.</summary>
    public Func<ulong, string>? PathOf { get; set; }

    /// <summary>The socket that the last run chose by <c>bpf_sk_assign</c>; null for none.</summary>
    public SocketObject? Assigned { get; internal set; }

    /// <summary>What an iterator wrote so far.</summary>
    internal List<byte> Output { get; } = [];
}
