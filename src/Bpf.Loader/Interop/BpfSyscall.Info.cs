using System;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

/// <content>
/// BPF_OBJ_GET_INFO_BY_FD (4.13). A structure longer than the kernel's own is accepted when its tail is zero, and what the kernel
/// does not know stays zero.
/// </content>
internal static unsafe partial class BpfSyscall
{
    /// <summary>Describes a map.</summary>
    public static Errno GetMapInfo(FileDescriptorHandle map, out MapInfo info)
    {
        info = default;
        return GetInfo(map, ref info);
    }

    /// <summary>Has the kernel hash what a frozen map holds (6.18), and keep the hash with the map, where programs find it.</summary>
    public static Errno HashMap(FileDescriptorHandle map)
    {
        const int Sha256 = 32;
        byte* hash = stackalloc byte[Sha256];
        var info = new MapInfo { Hash = Address(hash), HashSize = Sha256 };
        return GetInfo(map, ref info);
    }

    /// <summary>Describes a program, without its arrays but with their counts.</summary>
    public static Errno GetProgramInfo(FileDescriptorHandle program, out ProgInfo info)
    {
        info = default;
        return GetInfo(program, ref info);
    }

    /// <summary>The numbers of so many maps of a program, none when the kernel refuses.</summary>
    /// <remarks>More may be bound between two calls; then those that fit are told.</remarks>
    public static uint[] GetProgramMaps(FileDescriptorHandle program, uint count, out Errno errno)
    {
        errno = Errno.None;
        if (count == 0)
            return [];
        uint[] ids = new uint[count];
        errno = GetProgramInfo(program, out ProgInfo info, new ProgramInfoBuffers { MapIds = ids });
        return errno != Errno.None ? [] : info.MapIdCount < count ? ids[..(int)info.MapIdCount] : ids;
    }

    /// <summary>Describes a program with those of its arrays that are given room.</summary>
    public static Errno GetProgramInfo(FileDescriptorHandle program, out ProgInfo info, in ProgramInfoBuffers buffers)
    {
        fixed (uint* mapIds = buffers.MapIds, lengths = buffers.JitedFuncLengths)
        fixed (byte* xlated = buffers.XlatedInstructions, jited = buffers.JitedInstructions)
        fixed (byte* funcInfo = buffers.FuncInfo, lineInfo = buffers.LineInfo)
        fixed (ulong* ksyms = buffers.JitedKsyms, jitedLineInfo = buffers.JitedLineInfo, tags = buffers.Tags)
        {
            info = new ProgInfo
            {
                MapIds = Address(mapIds),
                MapIdCount = (uint)buffers.MapIds.Length,
                XlatedInstructions = Address(xlated),
                XlatedLength = (uint)buffers.XlatedInstructions.Length,
                JitedInstructions = Address(jited),
                JitedLength = (uint)buffers.JitedInstructions.Length,
                JitedKsyms = Address(ksyms),
                JitedKsymCount = (uint)buffers.JitedKsyms.Length,
                JitedFuncLengths = Address(lengths),
                JitedFuncLengthCount = (uint)buffers.JitedFuncLengths.Length,
                FuncInfo = Address(funcInfo),
                FuncInfoRecordSize = buffers.FuncInfoRecordSize,
                FuncInfoCount = Count(buffers.FuncInfo, buffers.FuncInfoRecordSize),
                LineInfo = Address(lineInfo),
                LineInfoRecordSize = buffers.LineInfoRecordSize,
                LineInfoCount = Count(buffers.LineInfo, buffers.LineInfoRecordSize),
                JitedLineInfo = Address(jitedLineInfo),
                JitedLineInfoRecordSize = buffers.JitedLineInfo.IsEmpty ? 0u : sizeof(ulong),
                JitedLineInfoCount = (uint)buffers.JitedLineInfo.Length,
                Tags = Address(tags),
                TagCount = (uint)buffers.Tags.Length,
            };
            return GetInfo(program, ref info);
        }
    }

    /// <summary>Describes BTF.</summary>
    /// <param name="btf">The BTF.</param>
    /// <param name="info">The size and length of name are the true ones, whatever fits.</param>
    /// <param name="data">Where its bytes go; may be empty. Kernels before 5.11 give only the bytes.</param>
    /// <param name="name">Where its name goes, with a zero (5.11); may be empty.</param>
    public static Errno GetBtfInfo(FileDescriptorHandle btf, out BtfInfo info, Span<byte> data, Span<byte> name)
    {
        fixed (byte* dataPointer = data, namePointer = name)
        {
            info = new BtfInfo
            {
                Btf = Address(dataPointer),
                BtfSize = (uint)data.Length,
                Name = Address(namePointer),
                NameLen = (uint)name.Length,
            };
            return GetInfo(btf, ref info);
        }
    }

    /// <summary>The bytes of BTF that the kernel holds; <see langword="null"/> and why not. To open it needs CAP_SYS_ADMIN.</summary>
    public static byte[]? ReadBtf(FileDescriptorHandle btf, out Errno errno)
    {
        errno = GetBtfInfo(btf, out BtfInfo info, default, default);
        if (errno != Errno.None) return null;
        byte[] bytes = new byte[info.BtfSize];
        errno = GetBtfInfo(btf, out _, bytes, default);
        return errno == Errno.None ? bytes : null;
    }

    /// <summary>Describes a link, without its text and arrays.</summary>
    public static Errno GetLinkInfo(FileDescriptorHandle link, out LinkInfo info)
    {
        info = default;
        return GetInfo(link, ref info);
    }

    private static Errno GetInfo<T>(FileDescriptorHandle handle, ref T info)
        where T : unmanaged
    {
        using HandleUse use = handle.Use();
        fixed (T* pointer = &info)
        {
            var attribute = new GetInfoAttr { BpfFd = use.Unsigned, InfoLen = (uint)sizeof(T), Info = Address(pointer) };
            return CallForError(BpfCommand.ObjGetInfoByFd, ref attribute, GetInfoAttr.WireSize);
        }
    }
}
