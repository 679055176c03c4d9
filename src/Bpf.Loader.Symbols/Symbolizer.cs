using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Maps;
using Bpf.Loader.Symbols.Binaries;
using Bpf.Loader.Symbols.Interop;
using Bpf.Loader.Symbols.Kernel;
using Bpf.Loader.Symbols.Processes;
using Microsoft.Win32.SafeHandles;

namespace Bpf.Loader.Symbols;

/// <summary>
/// Gives the addresses of stacks their names: those of the kernel, its modules and BPF programs; those of programs and libraries as their
/// processes have them mapped, in containers too, deleted or replaced since or not; and those of methods that a runtime compiled.
/// </summary>
/// <remarks>
/// <para>
/// What is read is kept, up to <see cref="SymbolizerOptions.MaxCacheBytes"/>. That a process has ended, runs another program by now, or that
/// another has its number, is noticed. What it was is remembered if it was asked for or <see cref="Capture"/>d while it lived.
/// </para>
/// <para>
/// Looking into other users' processes needs CAP_SYS_PTRACE, reaching files that were replaced CAP_CHECKPOINT_RESTORE (5.9) or CAP_SYS_ADMIN,
/// and the kernel's addresses CAP_SYSLOG. What is missing is told by <see cref="Symbol.Problem"/>. Safe to use from several threads.
/// </para>
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed partial class Symbolizer : IDisposable
{
    private const string Vdso = "[vdso]";

    private readonly Lock _lock = new();
    private readonly SymbolizerOptions _options;
    private readonly long _interval;
    private readonly ModuleCache _modules;
    private readonly KernelNames _kernel;
    private readonly Dictionary<int, ProcessImage> _processes = [];
    private long _uses;

    /// <summary>Makes one that knows nothing yet.</summary>
    /// <param name="options">How addresses become names; null for the defaults.</param>
    public Symbolizer(SymbolizerOptions? options = null)
    {
        _options = options ?? new SymbolizerOptions();
        _interval = (long)_options.RefreshInterval.TotalMilliseconds;
        _modules = new ModuleCache(_options.MaxCacheBytes, _options.UseDebugFiles);
        _kernel = new KernelNames(_interval);
    }

    /// <summary>About how many bytes of symbol tables and names are kept of binaries.</summary>
    public long CacheBytes
    {
        get
        {
            lock (_lock) return _modules.Bytes;
        }
    }

    /// <summary>The function of the kernel, of a module or of a BPF program that an address is in.</summary>
    /// <param name="address">The address.</param>
    public Symbol FindKernel(ulong address)
    {
        lock (_lock) return _kernel.Find(address);
    }

    /// <summary>The function of a process that an address is in.</summary>
    /// <param name="processId">The process, as we number it.</param>
    /// <param name="address">The address.</param>
    /// <param name="startTime">
    /// When the process began, in nanoseconds since the boot (<c>task->group_leader->start_boottime</c>), so that another process that has the
    /// number by now is not taken for it; 0 when that is not known.
    /// </param>
    public Symbol Find(int processId, ulong address, ulong startTime = 0)
    {
        lock (_lock)
        {
            if (Look(processId, isMissing: false) is not ProcessImage image)
                return Symbol.Unknown(SymbolKind.Unknown, "", 0, $"Process {processId} has ended, or its memory may not be looked at.");
            if (!Fits(image, startTime)) return FindBefore(image, address, startTime) ?? Symbol.Unknown(SymbolKind.Unknown, "", 0, $"Process {processId} has ended, and another has its number.");
            if (image.Find(address) is null && !image.HasEnded) image = Look(processId, isMissing: true) ?? image;
            if (image.Find(address) is Mapping mapping) return Find(image, mapping, address);
            // An address of before it ran another program; or memory that is mapped no longer.
            return FindBefore(image, address, startTime) ?? FindUnmapped(image, address);
        }
    }

    /// <summary>The function at an offset of the binary of a build id, as BPF programs take stacks with <c>BPF_F_USER_BUILD_ID</c>.</summary>
    /// <param name="frame">A frame of a stack.</param>
    /// <remarks>
    /// The process may have ended: the binary is looked for among those that were read or added, in <c>/usr/lib/debug</c>, and in what processes
    /// have mapped now.
    /// </remarks>
    public Symbol Find(in BpfStackBuildId frame)
    {
        if (!frame.IsValid) return Symbol.Unknown(SymbolKind.Unknown, "", 0, "The kernel could not read the build id.");
        return FindByBuildId(Convert.ToHexStringLower(frame.BuildId), frame.Offset);
    }

    /// <summary>Remembers what a process has mapped, so that its addresses have names after it has ended.</summary>
    /// <param name="processId">The process.</param>
    /// <returns>False when it has ended already.</returns>
    public bool Capture(int processId)
    {
        lock (_lock)
        {
            if (Look(processId, isMissing: true) is not ProcessImage image || image.HasEnded) return false;
            foreach (Mapping mapping in image.Mappings)
            {
                if (mapping.IsFile) Open(image, mapping);
            }

            return true;
        }
    }

    /// <summary>Adds a binary by its path, so that stacks by build id are found in it.</summary>
    /// <param name="path">The path.</param>
    /// <returns>Its build id, or null when there is no such file, or it has none.</returns>
    public string? AddBinary(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        lock (_lock)
        {
            SafeFileHandle? file = Files.Open(path); // the binary keeps it
            if (file is null) return null;
            string buildId = _modules.Read(path, file, null).BuildId;
            if (buildId.Length > 0) _paths[buildId] = path;
            return buildId.Length > 0 ? buildId : null;
        }
    }

    /// <summary>Closes the files that are open.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _modules.Dispose();
            _processes.Clear();
        }
    }

    private static bool Fits(ProcessImage image, ulong startTime) => startTime == 0 || image.Incarnation.BeganAt(startTime);

    private Symbol? FindBefore(ProcessImage image, ulong address, ulong startTime) =>
        image.Previous is ProcessImage before && Fits(before, startTime) && before.Find(address) is Mapping mapping ? Find(before, mapping, address) : null;

    private Symbol FindUnmapped(ProcessImage image, ulong address)
    {
        Symbol compiled = image.FindCompiled(address, _interval);
        return compiled.IsKnown ? compiled : Symbol.Unknown(SymbolKind.Unknown, "", 0, $"Process {image.ProcessId} has no code at this address.");
    }

    private Symbol Find(ProcessImage image, Mapping mapping, ulong address)
    {
        ulong offset = address - mapping.Start + mapping.Offset;
        if (mapping.Path == Vdso) return OpenVdso(image, mapping).Find(address - mapping.Start, _options.Demangle, SymbolKind.Vdso);
        if (mapping.IsFile) return Open(image, mapping).Find(offset, _options.Demangle);
        return mapping.Path is "[vsyscall]" or "[uprobes]"
            ? new Symbol(mapping.Path, mapping.Path, SymbolKind.Vdso, address - mapping.Start)
            : image.FindCompiled(address, _interval);
    }

    // What a process has mapped now, or had when it was seen last.
    private ProcessImage? Look(int processId, bool isMissing)
    {
        _processes.TryGetValue(processId, out ProcessImage? known);
        long age = known is null ? long.MaxValue : Environment.TickCount64 - known.Time;
        if (known is null || age >= (isMissing ? 0 : _interval)) known = LookAgain(processId, known);
        if (known is not null) known.LastUse = ++_uses;
        return known;
    }

    private ProcessImage? LookAgain(int processId, ProcessImage? known)
    {
        ProcessImage? now = ProcessImage.Read(processId);
        if (now is null)
        {
            if (known is not null) (known.HasEnded, known.Time) = (true, Environment.TickCount64);
            return known;
        }

        if (known is not null && known.Incarnation == now.Incarnation)
        {
            known.Update(now);
            return known;
        }

        now.Previous = known;
        if (known is not null) (known.Previous, known.HasEnded) = (null, true);
        _processes[processId] = now;
        Forget();
        return now;
    }

    private void Forget()
    {
        if (_processes.Count <= _options.MaxProcesses) return;
        ProcessImage? oldest = null;
        foreach (ProcessImage image in _processes.Values)
        {
            if (oldest is null || image.LastUse < oldest.LastUse) oldest = image;
        }

        _processes.Remove(oldest!.ProcessId);
    }
}
