using System;
using System.Runtime.Versioning;
using Bpf.Loader.Symbols.Processes;

namespace Bpf.Loader.Symbols.Kernel;

/// <summary>The running kernel's functions: read once, and again when modules came or went, or an address is of what came later.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelNames(long interval)
{
    private readonly BpfProgramNames _programs = new(interval);
    private KernelTable? _table;
    private byte[] _modules = [];
    private long _time;
    private long _modulesTime;

    public Symbol Find(ulong address)
    {
        KernelTable table = Table();
        bool isFound = table.TryFind(address, out Symbol symbol);
        if (isFound && symbol.Kind == SymbolKind.Kernel) return symbol;
        // Programs lie among modules, in whose range one may be that came later.
        if (_programs.TryFind(address, out Symbol program) || (_programs.Update() && _programs.TryFind(address, out program))) return program;
        if (isFound && symbol.Kind == SymbolKind.KernelModule) return symbol;

        // Trampolines and the like, which are no programs; or what was not there when the table was read.
        if (Environment.TickCount64 - _time >= interval) isFound = Read().TryFind(address, out symbol);
        // A program's own list knows where it ends; only without the right to it is kallsyms believed.
        if (isFound && !(_programs.IsComplete && symbol.Name.StartsWith("bpf_prog_", StringComparison.Ordinal))) return symbol;
        string problem = table.AreAddressesHidden
            ? "The kernel shows no addresses: CAP_SYSLOG is needed, and kernel.kptr_restrict not to be 2."
            : table.Count == 0 ? "/proc/kallsyms cannot be read." : "No function of the kernel, of a module or of a BPF program is at this address.";
        return Symbol.Unknown(SymbolKind.Kernel, "[kernel]", 0, problem, "[kernel]");
    }

    // A module that came later lies behind others, whose names its addresses must not get.
    private KernelTable Table()
    {
        if (_table is not null && Environment.TickCount64 - _modulesTime < interval) return _table;
        byte[] modules = ProcFile.Read("/proc/modules") ?? [];
        bool isSame = _table is not null && modules.AsSpan().SequenceEqual(_modules);
        (_modules, _modulesTime) = (modules, Environment.TickCount64);
        return isSame ? _table! : Read();
    }

    private KernelTable Read()
    {
        _time = Environment.TickCount64;
        return _table = KernelTable.Read(ProcFile.Read("/proc/kallsyms"), _modules);
    }
}
