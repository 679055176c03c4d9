using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Diagnostics;
using Bpf.Loader.Elf;
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
        using BinaryImage image = BinarySearch.Open(binary, options.ProcessId);
        ProbePlace.Check(image, []);
        string target = $"USDT probe {image.Path}:{provider}:{name}";
        IReadOnlyList<UsdtSite> sites = UsdtSite.Find(image, provider, name);
        if (sites.Any(site => site.SemaphoreOffset != 0) && !EventSource.HasReferenceCounters)
            throw new BpfNotSupportedException("a semaphore of a USDT probe", "4.20", BpfCommand.LinkCreate, objectName: target);

        UsdtSite[] places = [.. sites.Select(site => Faster(image, site))];
        var descriptions = new UsdtDescriptions(specs, target);
        try
        {
            int[] ids = Describe(descriptions, image, places, options.Cookie, program.Findings);
            if (specs.Addresses is UsdtAddressTable table)
            {
                IReadOnlyList<ulong> addresses = UsdtAddresses.Of(image, places, options.ProcessId, target);
                for (int i = 0; i < places.Length; i++) descriptions.AddAddress(table, addresses[i], ids[i]);
            }

            return program.ExpectedAttachType == BpfAttachType.TraceUprobeMulti
                ? AttachAtOnce(program.ToAttach, image.File, places, ids, descriptions, options, target)
                : AttachOneByOne(program.ToAttach, image.File, places, specs.Addresses is null ? ids : null, descriptions, options, target);
        }
        catch
        {
            descriptions.Release();
            throw;
        }
    }

    private static int[] Describe(UsdtDescriptions descriptions, BinaryImage image, UsdtSite[] places, ulong cookie, Findings? findings)
    {
        var symbols = new UsdtSymbols(image);
        int[] ids = new int[places.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            var place = new UsdtPlace(image.Machine, places[i].Address, image.Type == ElfFileType.Executable, symbols);
            ids[i] = descriptions.Add(places[i].Arguments, place, cookie, findings);
        }

        return ids;
    }

    private static BpfLink AttachAtOnce(
        ProgramToAttach program, BinaryFile file, UsdtSite[] places, int[] ids, UsdtDescriptions descriptions, UsdtOptions options, string target)
    {
        var request = new LinkCreateRequest { Program = program.Handle, AttachType = BpfAttachType.TraceUprobeMulti };
        ulong[] counters = places.Any(place => place.SemaphoreOffset != 0) ? [.. places.Select(place => place.SemaphoreOffset)] : [];
        FileDescriptorHandle? link = BpfSyscall.LinkCreateUprobeMulti(
            request, 0, (uint)(options.ProcessId ?? 0), file.PathForKernel, [.. places.Select(place => place.Offset)], counters,
            [.. ids.Select(id => (ulong)id)], out Errno errno);
        return link is not null
            ? ProbePlace.Confirm(new UsdtLink(link, [], descriptions, target), file, target)
            : throw AttachFailure.Of(BpfCommand.LinkCreate, errno, program, target);
    }

    private static UsdtLink AttachOneByOne(
        ProgramToAttach program, BinaryFile file, UsdtSite[] places, int[]? cookies, UsdtDescriptions descriptions, UsdtOptions options, string target)
    {
        var links = new List<BpfLink>();
        try
        {
            for (int i = 0; i < places.Length; i++)
            {
                links.Add(UprobeAttacher.Attach(program, file, places[i].Offset, atReturn: false, new UprobeOptions
                {
                    ProcessId = options.ProcessId,
                    Cookie = cookies is null ? 0 : (ulong)cookies[i],
                    ReferenceCounterOffset = places[i].SemaphoreOffset,
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
        Span<byte> code = stackalloc byte[FastSite.Length];
        return image.Bytes.Read((long)site.Offset - image.Start, code) == code.Length && code.SequenceEqual(FastSite)
            ? site with { Offset = site.Offset + 1, Address = site.Address + 1 }
            : site;
    }
}
