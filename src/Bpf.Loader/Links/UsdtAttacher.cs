using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Links.Binaries;
using Bpf.Loader.Links.Usdt;

namespace Bpf.Loader.Links;

/// <summary>USDT: probes that the authors of a program or library made for tracing, with arguments that notes describe.</summary>
[SupportedOSPlatform("linux")]
internal static class UsdtAttacher
{
    // nop, and a nop of five bytes that the kernel replaces by its system call for uprobes (6.18).
    private static ReadOnlySpan<byte> FastSite => [0x90, 0x0f, 0x1f, 0x44, 0x00, 0x00];

    public static BpfLink Attach(BpfProgram program, UsdtSpecTable specs, string binary, string provider, string name, UsdtOptions options)
    {
        BinaryImage image = BinaryImage.Open(BinarySearch.Resolve(binary, options.ProcessId));
        string target = $"USDT probe {image.Path}:{provider}:{name}";
        IReadOnlyList<UsdtSite> sites = UsdtSite.Find(image, provider, name);
        if (sites.Any(site => site.SemaphoreOffset != 0) && !EventSource.HasReferenceCounters)
            throw new BpfNotSupportedException("a semaphore of a USDT probe", "4.20", BpfCommand.LinkCreate, objectName: target);
        if (!KernelFeatures.Current.Supports(KernelFeature.BpfCookie))
            throw new BpfNotSupportedException("a cookie", "5.15", BpfCommand.LinkCreate, objectName: target);

        // Places whose arguments are found alike share a description.
        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        try
        {
            foreach (UsdtSite site in sites)
            {
                if (!ids.ContainsKey(site.Arguments))
                    ids.Add(site.Arguments, specs.Add(UsdtArguments.Parse(site.Arguments, image.Elf.Machine), options.Cookie, target));
            }

            UsdtSite[] places = [.. sites.Select(site => site with { Offset = FastOffset(image, site.Offset) })];
            return program.ExpectedAttachType == BpfAttachType.TraceUprobeMulti
                ? AttachAtOnce(program.ToAttach, image.Path, places, specs, ids, options, target)
                : AttachOneByOne(program.ToAttach, image.Path, places, specs, ids, options, target);
        }
        catch
        {
            specs.Release(ids.Values);
            throw;
        }
    }

    private static UsdtLink AttachAtOnce(
        ProgramToAttach program, string path, UsdtSite[] sites, UsdtSpecTable specs, Dictionary<string, int> ids, UsdtOptions options, string target)
    {
        var request = new LinkCreateRequest { Program = program.Handle, AttachType = BpfAttachType.TraceUprobeMulti };
        ulong[] counters = sites.Any(site => site.SemaphoreOffset != 0) ? [.. sites.Select(site => site.SemaphoreOffset)] : [];
        FileDescriptorHandle? link = BpfSyscall.LinkCreateUprobeMulti(
            request, 0, (uint)(options.ProcessId ?? 0), path, [.. sites.Select(site => site.Offset)], counters,
            [.. sites.Select(site => (ulong)ids[site.Arguments])], out Errno errno);
        return link is not null
            ? new UsdtLink(link, [], specs, [.. ids.Values], target)
            : throw AttachFailure.Of(BpfCommand.LinkCreate, errno, program, target);
    }

    private static UsdtLink AttachOneByOne(
        ProgramToAttach program, string path, UsdtSite[] sites, UsdtSpecTable specs, Dictionary<string, int> ids, UsdtOptions options, string target)
    {
        var links = new List<BpfLink>();
        try
        {
            foreach (UsdtSite site in sites)
            {
                links.Add(UprobeAttacher.Attach(program, path, site.Offset, atReturn: false, new UprobeOptions
                {
                    ProcessId = options.ProcessId,
                    Cookie = (ulong)ids[site.Arguments],
                    ReferenceCounterOffset = site.SemaphoreOffset,
                }));
            }
        }
        catch
        {
            foreach (BpfLink link in links) link.Dispose();
            throw;
        }

        return new UsdtLink(null, links, specs, [.. ids.Values], target);
    }

    private static ulong FastOffset(BinaryImage image, ulong offset)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || !KernelFeatures.Current.Supports(KernelFeature.UprobeSyscall)) return offset;
        ReadOnlySpan<byte> code = image.Elf.Image.Span;
        ulong at = offset - (ulong)image.Start;
        return at < (ulong)code.Length && code[(int)at..].StartsWith(FastSite) ? offset + 1 : offset;
    }
}
