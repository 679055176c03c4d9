using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>The types of the running kernel, read once and shared by every object of the process.</summary>
[SupportedOSPlatform("linux")]
internal static class KernelBtf
{
    private static readonly Lock Gate = new();

    private static BtfReader? _vmlinux;

    // What /sys/kernel/btf/vmlinux maps are the kernel's own pages, which cost this process nothing. So the mapping stays for
    // good, and no span over it can ever dangle; only the index is released.
    private static MappedMemory? _mapping;

    /// <summary>The kernel's own types.</summary>
    /// <exception cref="BpfNotSupportedException">The kernel has none and no file has them either.</exception>
    /// <exception cref="BpfException">They are there and may not be read.</exception>
    /// <exception cref="BpfFormatException">They are malformed.</exception>
    public static BtfReader Vmlinux
    {
        get
        {
            BtfReader? known = Volatile.Read(ref _vmlinux);
            if (known is not null)
                return known;
            lock (Gate)
            {
                _vmlinux ??= Load();
                return _vmlinux;
            }
        }
    }

    /// <summary>
    /// The modules' types, as they are loaded now, in the order of their ids; each is read when it is asked. Empty where the
    /// kernel or the process's rights do not show them.
    /// </summary>
    /// <exception cref="BpfException">Memory or descriptors ran short.</exception>
    public static IReadOnlyList<KernelModuleBtf> Modules => ModuleBtfCatalog.Current;

    /// <summary>Whether there are types to be had.</summary>
    public static bool TryGetVmlinux([NotNullWhen(true)] out BtfReader? btf)
    {
        try
        {
            btf = Vmlinux;
            return true;
        }
        catch (BpfNotSupportedException)
        {
            btf = null;
            return false;
        }
    }

    /// <summary>
    /// Lets go of the index and of the modules. Readers that were handed out stay valid; the next use reads anew.
    /// </summary>
    public static void Release()
    {
        lock (Gate)
            _vmlinux = null;
        ModuleBtfCatalog.Release();
    }

    private static BtfReader Load()
    {
        if (_mapping is not null)
            return BtfReader.ReadTrusted(_mapping.Memory);

        // A file that is there and cannot be read is a matter of rights; other files would hide that.
        if (File.Exists(VmlinuxFiles.Sysfs))
            return LoadSysfs();

        IReadOnlyList<string> candidates = VmlinuxFiles.Candidates(KernelVersion.Release);
        foreach (string path in candidates)
        {
            if (VmlinuxFiles.TryRead(path, out ReadOnlyMemory<byte> bytes, out Errno errno))
                return BtfReader.Read(bytes);
            // A file that is there and cannot be read for want of something is not one that has none.
            if (errno is Errno.ENOMEM or Errno.EMFILE or Errno.ENFILE)
                throw SystemFile.Unreadable(path, errno, BpfDiagnosticId.NoKernelTypes);
        }

        throw new BpfNotSupportedException(
            BpfDiagnosticId.NoKernelTypes,
            "BTF of the kernel (CONFIG_DEBUG_INFO_BTF)",
            "5.4",
            BpfCommand.BtfLoad,
            Errno.ENOENT,
            objectName: null,
            "Make the file visible where something hides it, or give the kernel's types in a file of their own (--btf).",
            cause: $"There is no {VmlinuxFiles.Sysfs} ({SystemFile.WhyMissing(VmlinuxFiles.Sysfs).TrimEnd('.')}). Nor is there {string.Join(", ", candidates)}.");
    }

    private static BtfReader LoadSysfs()
    {
        using FileDescriptorHandle file = KernelFile.OpenRead(VmlinuxFiles.Sysfs, out Errno errno)
            ?? throw SystemFile.Unreadable(VmlinuxFiles.Sysfs, errno, BpfDiagnosticId.NoKernelTypes);
        // Mapping works since 6.16.
        _mapping = KernelFile.GetLength(file, out long length) == Errno.None && length > 0 ? MappedMemory.MapPrivateReadOnly(file, (nuint)length, out _) : null;
        return BtfReader.ReadTrusted(_mapping?.Memory ?? SystemFile.ReadBytes(VmlinuxFiles.Sysfs, BpfDiagnosticId.NoKernelTypes));
    }
}
