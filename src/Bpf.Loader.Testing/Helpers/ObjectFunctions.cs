using Bpf.Loader.Btf;
using Bpf.Loader.Testing.Kernel;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>The kernel functions that make objects of a program's own types (Linux 6.2).</summary>
internal static class ObjectFunctions
{
    // bpf_mem_alloc of kernel/bpf/memalloc.c serves 4096 bytes, of which it keeps a pointer.
    private const uint MaximumSize = 4096 - 8;

    public static void AddTo(BpfKernelFunctionTable functions)
    {
        functions["bpf_obj_new_impl"] = static call => New(call, copies: 1);
        functions["bpf_percpu_obj_new_impl"] = static call => New(call, call.Machine.CpuCount);
        functions["bpf_obj_drop_impl"] = Drop;
        functions["bpf_percpu_obj_drop_impl"] = Drop;
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
    private static ulong New(BpfCall call, int copies)
    {
        var id = new BtfTypeId((int)call[1]);
        if (call.Executor.Code.Program?.Object.File.Btf is not { } types || id.IsVoid || !types.Contains(id) || types[id] is not { Kind: BtfKind.Struct, Size: > 0 } type)
            throw call.Refuse($"type {call[1]} is no struct to make an object of");
        if (type.Size > MaximumSize) return 0;
        return call.Machine.Objects.New(new LocalObject(type.Name, SpecialFields.Of(types, id, (int)type.Size)), (int)type.Size, copies);
    }

    private static ulong Drop(BpfCall call)
    {
        LocalObjects objects = call.Machine.Objects;
        if (objects.Find(call[1]) is not { } dropped) throw call.Refuse("what it gives back is no object that it has made");
        if (dropped.References == 1 && objects.IsLinked(dropped)) throw call.Refuse("what it gives back is in a list or tree, which holds it");
        objects.Held--;
        objects.Drop(call[1]);
        return 0;
    }
}
