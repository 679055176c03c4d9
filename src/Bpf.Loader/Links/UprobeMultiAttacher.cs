using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Links.Binaries;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links;

/// <summary>Many user functions of one file with one link (6.6).</summary>
[SupportedOSPlatform("linux")]
internal static class UprobeMultiAttacher
{
    private const uint AtReturnFlag = 1; // BPF_F_UPROBE_MULTI_RETURN

    public static BpfLink AttachPattern(ProgramToAttach program, string binary, string pattern, UprobeMultiOptions options)
    {
        if (options.Cookies.Count > 0 || options.ReferenceCounterOffsets.Count > 0)
            throw new ArgumentException("Cookies and counters belong to functions that are given one by one, not to a pattern.", nameof(options));
        using BinaryImage image = BinarySearch.Open(binary, options.ProcessId);
        ProbePlace.Check(image, []);
        ulong[] offsets = [.. BinarySymbols.FindPattern(image, pattern).Select(function => function.Offset)];
        return Create(program, image.File, offsets, options, $"uprobe.multi {image.Path}:{pattern}");
    }

    public static BpfLink Attach(ProgramToAttach program, string binary, IReadOnlyList<string> functions, UprobeMultiOptions options)
    {
        using BinaryImage image = BinarySearch.Open(binary, options.ProcessId);
        ProbePlace.Check(image, []);
        ulong[] offsets = new ulong[functions.Count];
        for (int i = 0; i < offsets.Length; i++)
        {
            FunctionPlace place = FunctionPlace.Parse(functions[i], options.AtReturn);
            offsets[i] = BinarySymbols.FindFunction(image, place.Function) + (ulong)place.Offset;
            ProbePlace.Check(image, [offsets[i] - (ulong)image.Start]);
        }

        return Create(program, image.File, offsets, options, $"uprobe.multi {image.Path}:{string.Join(',', functions)}");
    }

    public static BpfLink Attach(ProgramToAttach program, string binary, ulong[] offsets, UprobeMultiOptions options)
    {
        (BinaryFile file, ulong[] places) = ProbePlace.Open(binary, offsets, options.ProcessId);
        using (file) return Create(program, file, places, options, string.Create(CultureInfo.InvariantCulture, $"uprobe.multi {file.Path} at {offsets.Length} offsets"));
    }

    private static BpfLink Create(ProgramToAttach program, BinaryFile file, ulong[] offsets, UprobeMultiOptions options, string target)
    {
        if (offsets.Length == 0) throw new ArgumentException("No function is given.", nameof(offsets));
        bool isSession = program.AttachType == BpfAttachType.TraceUprobeSession;
        var request = new LinkCreateRequest
        {
            Program = program.Handle,
            AttachType = isSession ? BpfAttachType.TraceUprobeSession : BpfAttachType.TraceUprobeMulti,
        };
        FileDescriptorHandle? link = BpfSyscall.LinkCreateUprobeMulti(
            request, options.AtReturn && !isSession ? AtReturnFlag : 0, (uint)(options.ProcessId ?? 0), file.PathForKernel,
            offsets, [.. options.ReferenceCounterOffsets], [.. options.Cookies], out Errno errno);
        if (link is not null) return ProbePlace.Confirm(new KernelLink(link, target), file, target);

        if (errno == Errno.EINVAL && program.AttachType is not (BpfAttachType.TraceUprobeMulti or BpfAttachType.TraceUprobeSession))
        {
            throw AttachFailure.Of(
                BpfCommand.LinkCreate, errno, program, target,
                "The program must be loaded for it: its section is uprobe.multi, or its expected attach type TraceUprobeMulti.");
        }

        if (errno is Errno.EINVAL or Errno.EOPNOTSUPP && Kernel.KernelFeatures.Current.Lacks(Kernel.KernelFeature.UprobeMultiLink))
            throw new BpfNotSupportedException("many uprobes by one link", "6.6", BpfCommand.LinkCreate, errno, target);
        string? hint = errno switch
        {
            Errno.EBADF or Errno.EINVAL => "The binary must be a regular file.",
            Errno.ESRCH => "The process has ended.",
            Errno.E2BIG => "The kernel takes about a million functions at once, and no more.",
            _ => null,
        };
        throw AttachFailure.Of(BpfCommand.LinkCreate, errno, program, target, hint, hook: request.AttachType);
    }
}
