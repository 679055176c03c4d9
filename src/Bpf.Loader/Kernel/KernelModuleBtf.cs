using System.Runtime.Versioning;
using System.Threading;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel;

/// <summary>The types of a kernel module, which go on from the kernel's.</summary>
[SupportedOSPlatform("linux")]
internal sealed class KernelModuleBtf
{
    private readonly Lock _gate = new();
    private BtfReader? _types;

    /// <summary>A module as the kernel lists it.</summary>
    public KernelModuleBtf(string name, uint id, FileDescriptorHandle? handle)
    {
        Name = name;
        Id = id;
        Handle = handle;
    }

    /// <summary>The module's name, as <c>lsmod</c> shows it.</summary>
    public string Name { get; }

    /// <summary>The id of its BTF; 0 when only its file is known.</summary>
    public uint Id { get; }

    /// <summary>Its BTF as the kernel holds it, which programs refer to; none without the right to open it (CAP_SYS_ADMIN).</summary>
    public FileDescriptorHandle? Handle { get; }

    /// <summary>Its types, read the first time.</summary>
    /// <exception cref="BpfException">The kernel does not give them.</exception>
    /// <exception cref="BpfFormatException">They are malformed.</exception>
    public BtfReader Types
    {
        get
        {
            BtfReader? known = Volatile.Read(ref _types);
            if (known is not null)
                return known;
            lock (_gate)
            {
                _types ??= BtfReader.ReadTrusted(Handle is null ? ReadFile() : ReadHandle(Handle), KernelBtf.Vmlinux);
                return _types;
            }
        }
    }

    private byte[] ReadFile()
    {
        string path = ModuleBtfCatalog.Folder + "/" + Name;
        return SystemFile.TryReadBytes(path, out Errno errno)
            ?? throw (errno == Errno.ENOENT ? new BpfException("open", errno, path, "The module was unloaded.") : SystemFile.Unreadable(path, errno));
    }

    private byte[] ReadHandle(FileDescriptorHandle handle) =>
        BpfSyscall.ReadBtf(handle, out Errno errno) ?? throw Refusal.Of(BpfCommand.ObjGetInfoByFd, errno, $"BTF of module '{Name}'");
}
