using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Kernel.Probes;

/// <summary>Whether there is something of that name to attach to.</summary>
[SupportedOSPlatform("linux")]
internal static class TargetProbe
{
    public static FeatureSupport FEntry(string function)
    {
        int colon = function.IndexOf(':', StringComparison.Ordinal);
        string? module = colon < 0 ? null : function[..colon];
        string name = function[(colon + 1)..];
        try
        {
            if (!KernelBtf.TryGetVmlinux(out BtfReader? types)) return FeatureSupport.Missing;
            FeatureSupport found = FeatureSupport.Missing;
            if (module is null or "vmlinux" && types.TryFind(name, BtfKind.Function, out BtfTypeId id)) found = Load(id, null);
            else if (module != "vmlinux") found = OfModules(module, name);
            return found == FeatureSupport.Supported && IsListed(name) == false ? FeatureSupport.Missing : found;
        }
        catch (BpfException failure)
        {
            return ProbeAnswer.Of(failure);
        }
    }

    public static FeatureSupport Kprobe(string function)
    {
        if (EventSource.TryGetType("kprobe", out uint type))
        {
            var attribute = new PerfEventAttr { Type = type };
            using FileDescriptorHandle? probe = PerfEvent.Open(ref attribute, pid: -1, cpu: 0, function, out Errno errno);
            return ProbeAnswer.OfFile(probe is not null, errno);
        }

        TraceFs? files = TraceFs.TryOpen(out Errno refusal);
        if (files is null) return ProbeAnswer.OfFile(false, refusal);
        string name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"kprobes/bpf_loader_{Environment.ProcessId}_probe");
        refusal = files.TryAppend("kprobe_events", $"p:{name} {function}+0x0");
        if (refusal == Errno.None) files.TryAppend("kprobe_events", $"-:{name}");
        return ProbeAnswer.OfFile(refusal == Errno.None, refusal);
    }

    public static FeatureSupport Tracepoint(string category, string name)
    {
        TraceFs? files = TraceFs.TryOpen(out Errno errno);
        if (files is null) return ProbeAnswer.OfFile(false, errno);
        try
        {
            files.ReadEventId(category, name);
            return FeatureSupport.Supported;
        }
        catch (BpfException e)
        {
            return ProbeAnswer.OfFile(false, e.Errno);
        }
    }

    public static FeatureSupport RawTracepoint(string name)
    {
        using FileDescriptorHandle? program = new ProbeContext(token: null).LoadProgram(
            BpfProgramType.RawTracepoint, ProbeContext.ReturnZero, out Errno errno);
        if (program is null) return ProbeRights.Doubt(ProbeAnswer.OfFile(false, errno), NeededCapabilities.Of(BpfProgramType.RawTracepoint));
        using FileDescriptorHandle? link = BpfSyscall.RawTracepointOpen(program, name, 0, out errno);
        return ProbeAnswer.OfFile(link is not null, errno);
    }

    private static FeatureSupport OfModules(string? module, string name)
    {
        foreach (KernelModuleBtf candidate in KernelBtf.Modules)
        {
            if (module is not null && candidate.Name != module) continue;
            if (!candidate.Types.TryFindOwn(Encoding.UTF8.GetBytes(name), BtfKind.Function, out BtfTypeId id)) continue;
            return candidate.Handle is null ? FeatureSupport.Denied : Load(id, candidate.Handle);
        }

        return FeatureSupport.Missing;
    }

    private static FeatureSupport Load(BtfTypeId function, FileDescriptorHandle? module)
    {
        var request = new ProgramLoadRequest
        {
            Type = BpfProgramType.Tracing,
            ExpectedAttachType = BpfAttachType.TraceFEntry,
            AttachBtfId = (uint)function.Value,
            AttachTarget = module,
            Instructions = MemoryMarshal.AsBytes(ProbeContext.ReturnZero),
            License = "GPL\0"u8,
        };
        using FileDescriptorHandle? program = BpfSyscall.ProgramLoad(request, out Errno errno);
        // EPERM is also what kernels say that forbid such programs to everybody; then nobody can tell.
        return ProbeRights.Doubt(ProbeAnswer.OfFile(program is not null, errno), NeededCapabilities.Of(BpfProgramType.Tracing));
    }

    // Null where the list cannot be read. Lines are "name" or "name [module]".
    private static bool? IsListed(string function)
    {
        using Stream? list = TraceFs.TryOpen(out _)?.TryOpenRead("available_filter_functions", out _);
        if (list is null) return null;
        byte[] wanted = Encoding.UTF8.GetBytes(function);
        using var lines = new LineReader(list);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (line.StartsWith(wanted) && (line.Length == wanted.Length || line[wanted.Length] is (byte)' ' or (byte)'\t')) return true;
        }

        return false;
    }
}
