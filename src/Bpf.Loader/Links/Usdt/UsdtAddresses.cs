using System.Collections.Generic;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Elf;
using Bpf.Loader.Links.Binaries;

namespace Bpf.Loader.Links.Usdt;

/// <summary>Where the places of a probe are in the memory of a process.</summary>
[SupportedOSPlatform("linux")]
internal static class UsdtAddresses
{
    /// <summary>The addresses of places, in their order.</summary>
    /// <exception cref="BpfNotSupportedException">The binary is elsewhere in each process, and none was named.</exception>
    /// <exception cref="BpfAttachException">The process has ended, or does not run the binary.</exception>
    public static IReadOnlyList<ulong> Of(BinaryImage image, IReadOnlyList<UsdtSite> sites, int? processId, string target)
    {
        var addresses = new List<ulong>();
        IReadOnlyList<ProcessMapping>? code = null;
        foreach (UsdtSite site in sites)
        {
            if (image.Type == ElfFileType.Executable)
            {
                addresses.Add(site.Address);
                continue;
            }

            code ??= Code(image, processId ?? throw NoProcess(target), target);
            addresses.Add(Address(code, site.Offset) ?? throw new BpfAttachException(
                BpfDiagnosticId.BadUsdtNote, target,
                string.Create(CultureInfo.InvariantCulture, $"Process {processId} has not mapped the place of the probe at offset 0x{site.Offset:x} of '{image.Path}'."),
                Errno.ESRCH));
        }

        return addresses;
    }

    private static ulong? Address(IReadOnlyList<ProcessMapping> code, ulong offset)
    {
        foreach (ProcessMapping mapping in code)
        {
            if (offset >= mapping.Offset && offset - mapping.Offset < mapping.End - mapping.Start) return mapping.Start + (offset - mapping.Offset);
        }

        return null;
    }

    private static List<ProcessMapping> Code(BinaryImage image, int processId, string target)
    {
        List<ProcessMapping> code = [.. ProcessFiles.Of(processId).MappingsOf(image.File)];
        return code.Count > 0 ? code : throw new BpfAttachException(
            BpfDiagnosticId.NoSuchBinary, target, $"Process {processId} does not run '{image.Path}'.", Errno.ESRCH,
            hint: "Without cookies (before Linux 5.15) a library must have been loaded when its probes are attached to.");
    }

    private static BpfNotSupportedException NoProcess(string target) => new(
        "a cookie", "5.15", BpfCommand.LinkCreate, objectName: target,
        hint: "Older kernels need a process (UsdtOptions.ProcessId): in each, libraries and position-independent programs are at other addresses.");
}
