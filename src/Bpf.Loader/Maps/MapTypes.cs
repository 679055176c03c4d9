using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Maps;

/// <summary>The BTF of maps that no object describes: to give to the kernel, and to get from it.</summary>
[SupportedOSPlatform("linux")]
internal static class MapTypes
{
    /// <summary>Gives the kernel types for a new map; <see langword="null"/> when it gets none.</summary>
    /// <exception cref="BpfException">The kernel refused the types.</exception>
    public static FileDescriptorHandle? Load(BpfMapCreateOptions options, out BtfTypeId keyType, out BtfTypeId valueType)
    {
        BtfReader? btf = options.Btf;
        keyType = options.KeyType;
        valueType = options.ValueType;
        if (btf is null && NeedsTypes(options.Type))
            btf = Plain(options.ValueSize, out keyType, out valueType);
        if (btf is null)
            return null;
        return BpfSyscall.BtfLoad(btf.Raw.Span, default, 0, null, out Errno errno)
            ?? throw Refusal.Of(BpfCommand.BtfLoad, errno, $"the types of map '{options.Name}'");
    }

    /// <summary>The BTF of that id, or <see langword="null"/> when it is gone or may not be read (needs CAP_SYS_ADMIN).</summary>
    /// <exception cref="BpfFormatException">The BTF is malformed.</exception>
    public static BtfReader? Open(uint id)
    {
        using FileDescriptorHandle? handle = BpfSyscall.OpenById(BpfCommand.BtfGetFdById, id, 0, out _);
        return handle is not null && BpfSyscall.ReadBtf(handle, out _) is byte[] raw ? BtfReader.Read(raw) : null;
    }

    /// <summary>The kernel's own BTF, or a module's if it has that id; <see langword="null"/> when neither is to be had.</summary>
    public static BtfReader? OfKernel(uint id)
    {
        if (id != 0 && KernelBtf.Modules.FirstOrDefault(module => module.Id == id) is { } module)
            return module.Types;
        return KernelBtf.TryGetVmlinux(out BtfReader? btf) ? btf : null;
    }

    // bpf_local_storage_map_alloc_check() insists on BTF.
    private static bool NeedsTypes(BpfMapType type) => type
        is BpfMapType.SkStorage or BpfMapType.InodeStorage or BpfMapType.TaskStorage or BpfMapType.CgrpStorage;

    /// <summary>A key that is an <c>int</c>, as storage wants it, and a value of plain bytes.</summary>
    private static BtfReader Plain(int valueSize, out BtfTypeId keyType, out BtfTypeId valueType)
    {
        var builder = new BtfBuilder();
        keyType = builder.AddInt("int", sizeof(int), BtfIntEncoding.Signed);
        BtfTypeId element = builder.AddInt("unsigned char", 1);
        valueType = builder.AddArray(element, keyType, checked((uint)valueSize));
        return builder.ToReader();
    }
}
