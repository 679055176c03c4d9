using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Kernel;
using Bpf.Loader.Loading;

namespace Bpf.Loader;

/// <summary>The types that the kernel holds: its own, those of its modules, and those that programs and maps came with.</summary>
[SupportedOSPlatform("linux")]
public static class BpfBtf
{
    private const string KernelName = "vmlinux";
    private const int LongestName = 64; // MODULE_NAME_LEN, include/linux/module.h

    /// <summary>The kernel's own types, read once and shared by the process (Linux 5.4, CONFIG_DEBUG_INFO_BTF).</summary>
    /// <exception cref="BpfNotSupportedException">The kernel has none, and no file has them either.</exception>
    /// <exception cref="BpfException">They are there and may not be read.</exception>
    public static BtfReader Kernel => KernelBtf.Vmlinux;

    /// <summary>All BTF that the kernel holds, in the order of the ids (Linux 5.5). Needs CAP_SYS_ADMIN.</summary>
    /// <exception cref="BpfException">The right is missing.</exception>
    public static IReadOnlyList<BpfBtfInfo> List()
    {
        var found = new List<BpfBtfInfo>();
        foreach (uint id in IdWalk.Of(BpfCommand.BtfGetNextId))
        {
            // What vanished since the walk began is not there.
            using FileDescriptorHandle? handle = BpfSyscall.OpenById(BpfCommand.BtfGetFdById, id, 0, out Errno errno);
            if (handle is null && errno == Errno.ENOENT) continue;
            if (handle is null) throw Refusal.Of(BpfCommand.BtfGetFdById, errno, $"BTF {id}");
            found.Add(Describe(handle));
        }

        return found;
    }

    /// <summary>The BTF with an id; that of a module goes on from <see cref="Kernel"/>. Needs CAP_SYS_ADMIN.</summary>
    /// <exception cref="BpfException">There is no such BTF, or the right is missing.</exception>
    /// <exception cref="BpfFormatException">The BTF is malformed.</exception>
    public static BtfReader Open(uint id)
    {
        using FileDescriptorHandle handle = BpfSyscall.OpenById(BpfCommand.BtfGetFdById, id, 0, out Errno errno)
            ?? throw Refusal.Of(BpfCommand.BtfGetFdById, errno, $"BTF {id}");
        BpfBtfInfo info = Describe(handle);
        if (info is { IsKernel: true, Name: KernelName }) return Kernel;
        byte[] raw = BpfSyscall.ReadBtf(handle, out errno) ?? throw Refusal.Of(BpfCommand.ObjGetInfoByFd, errno, $"BTF {id}");
        return BtfReader.Read(raw, info.IsKernel ? Kernel : null);
    }

    /// <summary>The types of the kernel (<c>vmlinux</c>) or of one of its modules (Linux 5.11), which go on from them.</summary>
    /// <exception cref="BpfException">There is no such module, it has no BTF, or it may not be read.</exception>
    public static BtfReader OpenModule(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name == KernelName) return Kernel;
        foreach (KernelModuleBtf module in ModuleBtfCatalog.Files)
        {
            if (module.Name == name) return module.Types;
        }

        throw new BpfException("open", Errno.ENOENT, Path.Combine(ModuleBtfCatalog.Folder, name), "The module is not loaded, or has no BTF.");
    }

    /// <summary>Gives the kernel types, as they are (Linux 4.18). Objects and maps that come with types do so by themselves.</summary>
    /// <param name="types">The types, which go on from no others.</param>
    /// <returns>The types in the kernel, to be disposed by the caller.</returns>
    /// <exception cref="BpfException">The kernel refuses them: the message has its words. Needs CAP_BPF (CAP_SYS_ADMIN before 5.8).</exception>
    /// <exception cref="ArgumentException">The types go on from others: the kernel takes no split BTF.</exception>
    public static BpfLoadedBtf Load(BtfReader types)
    {
        ArgumentNullException.ThrowIfNull(types);
        if (types.Base is not null) throw new ArgumentException("The types go on from others, and the kernel takes whole BTF only.", nameof(types));
        const string What = "the types";
        FileDescriptorHandle? handle = BpfSyscall.BtfLoad(types.Raw.Span, default, 0, null, out Errno errno);
        if (handle is null)
        {
            string words = BtfUploader.ReadLog(types.Raw.Span, null);
            throw Refusal.Of(BpfCommand.BtfLoad, errno, What, words.Length > 0 ? "The kernel says: " + words : Refusal.HintFor(BpfCommand.BtfLoad, errno, [Capability.Bpf]));
        }

        try
        {
            return new BpfLoadedBtf(handle, Describe(handle));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static BpfBtfInfo Describe(FileDescriptorHandle handle)
    {
        Span<byte> name = stackalloc byte[LongestName];
        Errno errno = BpfSyscall.GetBtfInfo(handle, out BtfInfo info, default, name);

        // Only Linux 5.11 and newer know of names; what is older fills in the first fields, and some do not take the call at all.
        if (errno != Errno.None) errno = BpfSyscall.GetBtfInfo(handle, out info, default, default);
        if (errno != Errno.None) throw Refusal.Of(BpfCommand.ObjGetInfoByFd, errno, "BTF");
        int length = name.IndexOf((byte)0);
        return new BpfBtfInfo(info.Id, Encoding.UTF8.GetString(length < 0 ? name : name[..length]), info.BtfSize, info.KernelBtf != 0);
    }
}
