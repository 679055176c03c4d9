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

        UsdtSite[] places = [.. sites.Select(site => Faster(image, site))];
        var descriptions = new UsdtDescriptions(specs, target);
        try
        {
            foreach (UsdtSite place in places) descriptions.Add(place.Arguments, image.Elf.Machine, options.Cookie);
            if (specs.Addresses is UsdtAddressTable table)
            {
                IReadOnlyList<ulong> addresses = UsdtAddresses.Of(image, places, options.ProcessId, target);
                for (int i = 0; i < places.Length; i++) descriptions.AddAddress(table, addresses[i], places[i].Arguments);
            }

            return program.ExpectedAttachType == BpfAttachType.TraceUprobeMulti
                ? AttachAtOnce(program.ToAttach, image.Path, places, descriptions, options, target)
                : AttachOneByOne(program.ToAttach, image.Path, places, descriptions, specs.Addresses is null, options, target);
        }
        catch
        {
            descriptions.Release();
            throw;
        }
    }

    private static UsdtLink AttachAtOnce(
        ProgramToAttach program, string path, UsdtSite[] places, UsdtDescriptions descriptions, UsdtOptions options, string target)
    {
        var request = new LinkCreateRequest { Program = program.Handle, AttachType = BpfAttachType.TraceUprobeMulti };
        ulong[] counters = places.Any(place => place.SemaphoreOffset != 0) ? [.. places.Select(place => place.SemaphoreOffset)] : [];
        FileDescriptorHandle? link = BpfSyscall.LinkCreateUprobeMulti(
            request, 0, (uint)(options.ProcessId ?? 0), path, [.. places.Select(place => place.Offset)], counters,
            [.. places.Select(place => (ulong)descriptions[place.Arguments])], out Errno errno);
        return link is not null
            ? new UsdtLink(link, [], descriptions, target)
            : throw AttachFailure.Of(BpfCommand.LinkCreate, errno, program, target);
    }

    private static UsdtLink AttachOneByOne(
        ProgramToAttach program, string path, UsdtSite[] places, UsdtDescriptions descriptions, bool withCookie, UsdtOptions options, string target)
    {
        var links = new List<BpfLink>();
        try
        {
            foreach (UsdtSite place in places)
            {
                links.Add(UprobeAttacher.Attach(program, path, place.Offset, atReturn: false, new UprobeOptions
                {
                    ProcessId = options.ProcessId,
                    Cookie = withCookie ? (ulong)descriptions[place.Arguments] : 0,
                    ReferenceCounterOffset = place.SemaphoreOffset,
                }));
            }
        }
        catch
        {
            foreach (BpfLink link in links) link.Dispose();
            throw;
        }

        return new UsdtLink(null, links, descriptions, target);
    }

    // Where the kernel can put a system call in place of its breakpoint.
    private static UsdtSite Faster(BinaryImage image, UsdtSite site)
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64 || !KernelFeatures.Current.Supports(KernelFeature.UprobeSyscall)) return site;
        ReadOnlySpan<byte> code = image.Elf.Image.Span;
        ulong at = site.Offset - (ulong)image.Start;
        return at < (ulong)code.Length && code[(int)at..].StartsWith(FastSite) ? site with { Offset = site.Offset + 1, Address = site.Address + 1 } : site;
    }
}
