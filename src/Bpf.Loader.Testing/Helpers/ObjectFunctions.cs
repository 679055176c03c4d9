using Bpf.Loader.Btf;
using Bpf.Loader.Testing.Kernel;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>The kernel functions that make objects of a program's own types (Linux 6.2).</summary>
internal static class ObjectFunctions
{
    // bpf_mem_alloc of kernel/bpf/memalloc.c serves 4096 bytes, of which it keeps a pointer.
    private const uint MaximumSize = 4096 - 8;

    // BPF_GLOBAL_PERCPU_MA_MAX_SIZE of kernel/bpf/verifier.c.
    private const uint MaximumSizePerCpu = 512;

    public static void AddTo(BpfKernelFunctionTable functions)
    {
        functions["bpf_obj_new_impl"] = static call => New(call, isPerCpu: false);
        functions["bpf_percpu_obj_new_impl"] = static call => New(call, isPerCpu: true);
        functions["bpf_obj_drop_impl"] = static call => Drop(call, isPerCpu: false);
        functions["bpf_percpu_obj_drop_impl"] = static call => Drop(call, isPerCpu: true);
        functions["bpf_refcount_acquire_impl"] = static call =>
        {
            if (call.Machine.Objects.Find(call[1]) is not { } found || found.Fields?.Has(SpecialFieldKind.ReferenceCount) != true)
                throw call.Refuse("argument 1 is no object with a struct bpf_refcount");
            found.References++;
            call.Machine.Objects.Held++;
            return call[1];
        };
    }

    // The first argument is the id of the type in the object's own BTF.
    private static ulong New(BpfCall call, bool isPerCpu)
    {
        var id = new BtfTypeId((int)call[1]);
        if (call.Executor.Code.Program?.Object.File.Btf is not { } types || id.IsVoid || !types.Contains(id) || types[id] is not { Kind: BtfKind.Struct, Size: > 0 } type)
            throw call.Refuse($"type {call[1]} is no struct to make an object of");
        if (type.Size > MaximumSize) return 0;
        SpecialFields? fields = SpecialFields.Of(types, id, (int)type.Size);
        if (isPerCpu && type.Size > MaximumSizePerCpu) throw call.Refuse($"struct {type.Name} has {type.Size} bytes, and objects for each CPU have at most {MaximumSizePerCpu}");
        if (isPerCpu && fields is not null) throw call.Refuse($"struct {type.Name} has members that the kernel looks after, and objects for each CPU have none");
        return call.Machine.Objects.New(new LocalObject(type.Name, fields, isPerCpu), (int)type.Size, isPerCpu ? call.Machine.CpuCount : 1);
    }

    private static ulong Drop(BpfCall call, bool isPerCpu)
    {
        LocalObjects objects = call.Machine.Objects;
        if (objects.Find(call[1]) is not { } dropped || dropped.IsPerCpu != isPerCpu) throw call.Refuse("what it gives back is no object that it has made");
        if (dropped.References == 1 && objects.IsLinked(dropped)) throw call.Refuse("what it gives back is in a list or tree, which holds it");
        objects.Held--;
        objects.Drop(call[1]);
        return 0;
    }
}
