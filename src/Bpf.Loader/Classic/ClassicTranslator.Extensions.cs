using Bpf.Loader.Instructions;

namespace Bpf.Loader.Classic;

internal sealed partial class ClassicTranslator
{
    // Offsets of struct __sk_buff (include/uapi/linux/bpf.h).
    private const int LengthField = 0, TypeField = 4, MarkField = 8, QueueField = 12, ProtocolField = 16, VlanPresentField = 20, VlanTagField = 24,
        VlanProtocolField = 28, InterfaceField = 40, HashField = 68;

    // BPF_FUNC_get_prandom_u32, BPF_FUNC_get_smp_processor_id.
    private const int RandomHelper = 7, CpuHelper = 8;

    private void Translate(ClassicExtension extension)
    {
        switch (extension)
        {
            case ClassicExtension.Protocol:
                LoadNetworkOrder(ProtocolField);
                break;
            case ClassicExtension.VlanProtocol:
                LoadNetworkOrder(VlanProtocolField);
                break;
            case ClassicExtension.PacketType:
                LoadContext(BpfOpCode.Word, Accumulator, TypeField);
                break;
            case ClassicExtension.Mark:
                LoadContext(BpfOpCode.Word, Accumulator, MarkField);
                break;
            case ClassicExtension.Queue:
                LoadContext(BpfOpCode.Word, Accumulator, QueueField);
                break;
            case ClassicExtension.Hash:
                LoadContext(BpfOpCode.Word, Accumulator, HashField);
                break;
            case ClassicExtension.VlanTag:
                LoadContext(BpfOpCode.Word, Accumulator, VlanTagField);
                break;
            case ClassicExtension.VlanPresent:
                LoadContext(BpfOpCode.Word, Accumulator, VlanPresentField);
                break;
            case ClassicExtension.Interface:
                // Without a device, whose index is 0, a filter ends with what is in A.
                LoadContext(BpfOpCode.Word, Temporary, InterfaceField);
                Emit(BpfOpCode.Jump | (int)BpfCondition.NotEqual, Temporary, 0, 1);
                Emit(BpfOpCode.Exit);
                Move(Accumulator, Temporary);
                break;
            case ClassicExtension.Xor:
                Emit(BpfOpCode.Alu32 | BpfOpCode.SourceRegister | (int)BpfAluOperation.Xor, Accumulator, IndexRegister);
                break;
            case ClassicExtension.Random:
                Emit(BpfOpCode.Call, 0, 0, 0, RandomHelper);
                break;
            case ClassicExtension.Cpu:
                Emit(BpfOpCode.Call, 0, 0, 0, CpuHelper);
                break;
            default:
                // The offset of the payload, netlink attributes and the kind of the device: what the kernel has for them, it keeps.
                Move(1, Context);
                Move(2, Accumulator);
                Move(3, IndexRegister);
                _calls.Add(_code.Count, extension);
                Emit(BpfOpCode.Call, 0, 0, 0, -1);
                break;
        }
    }

    // The field has the two bytes of the network.
    private void LoadNetworkOrder(int field)
    {
        LoadContext(BpfOpCode.Word, Accumulator, field);
        Emit(BpfOpCode.Alu32 | (int)BpfAluOperation.Endian | BpfOpCode.SourceRegister, Accumulator, 0, 0, 16);
    }
}
