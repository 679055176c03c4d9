using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

internal static unsafe partial class BpfSyscall
{
    /// <summary>BPF_MAP_CREATE: the map, or <see langword="null"/> and why not.</summary>
    public static FileDescriptorHandle? MapCreate(in MapCreateRequest request, out Errno errno)
    {
        using var innerMap = new HandleUse(request.InnerMap);
        using var btf = new HandleUse(request.Btf);
        using var valueTypeBtf = new HandleUse(request.ValueTypeBtf);
        using var token = new HandleUse(request.Token);
        fixed (byte* hash = request.ExclusiveProgramHash)
        {
            var attribute = new MapCreateAttr
            {
                MapType = request.Type,
                KeySize = request.KeySize,
                ValueSize = request.ValueSize,
                MaxEntries = request.MaxEntries,
                MapFlags = request.Flags,
                InnerMapFd = innerMap.Unsigned,
                NumaNode = request.NumaNode,
                MapName = ObjectName.From(request.Name),
                MapIfIndex = request.IfIndex,
                BtfFd = btf.Unsigned,
                BtfKeyTypeId = request.BtfKeyTypeId,
                BtfValueTypeId = request.BtfValueTypeId,
                BtfVmlinuxValueTypeId = request.BtfVmlinuxValueTypeId,
                MapExtra = request.MapExtra,
                ExclProgHash = Address(hash),
                ExclProgHashSize = (uint)request.ExclusiveProgramHash.Length,
            };
            if (request.ValueTypeBtf is not null)
            {
                attribute.MapFlags |= BpfMapFlags.VtypeBtfObjFd;
                attribute.ValueTypeBtfObjFd = valueTypeBtf.Descriptor;
            }

            if (request.Token is not null)
            {
                attribute.MapFlags |= BpfMapFlags.TokenFd;
                attribute.MapTokenFd = token.Descriptor;
            }

            if (request.Log.IsEmpty)
                return CallForDescriptor(BpfCommand.MapCreate, ref attribute, MapCreateAttr.WireSize, out errno);
            fixed (byte* log = request.Log)
            {
                var common = new CommonAttr { LogBuf = Address(log), LogSize = (uint)request.Log.Length, LogLevel = 1 };
                nint fd = LibC.SystemCall(
                    SystemCallNumbers.Bpf,
                    (nint)((uint)BpfCommand.MapCreate | CommonAttributes),
                    (nint)(&attribute),
                    (nint)MapCreateAttr.WireSize,
                    (nint)(&common),
                    sizeof(CommonAttr));
                return FileDescriptorHandle.FromResult((int)fd, out errno);
            }
        }
    }
}
