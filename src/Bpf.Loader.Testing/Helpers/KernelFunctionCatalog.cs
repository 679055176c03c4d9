using Bpf.Loader.Testing.Execution;
using Bpf.Loader.Testing.Maps;

namespace Bpf.Loader.Testing.Helpers;

/// <summary>The kernel functions that every machine has.</summary>
internal static class KernelFunctionCatalog
{
    public static void AddTo(BpfKernelFunctionTable functions)
    {
        DynamicPointerFunctions.AddTo(functions);
        ObjectFunctions.AddTo(functions);
        CollectionFunctions.AddTo(functions);
        IteratorFunctions.AddTo(functions);
        TaskIteratorFunctions.AddTo(functions);
        CgroupIteratorFunctions.AddTo(functions);
        functions["bpf_throw"] = static call => throw new ProgramException(call[1]);
        foreach (string nothing in (string[])["bpf_rcu_read_lock", "bpf_rcu_read_unlock", "bpf_preempt_disable", "bpf_preempt_enable", "bpf_task_release", "bpf_cgroup_release"])
            functions[nothing] = static _ => 0;
        foreach (string same in (string[])["bpf_task_acquire", "bpf_cgroup_acquire", "bpf_cast_to_kern_ctx", "bpf_rdonly_cast"])
            functions[same] = static call => call[1];
        functions["bpf_task_from_pid"] = static call => call.Machine.FindTask((int)call[1])?.Address ?? 0;
        functions["bpf_arena_alloc_pages"] = static call => call.Map<ArenaMap>(1).Allocate(call[2], (uint)call[3]);
        functions["bpf_arena_free_pages"] = static call =>
        {
            call.Map<ArenaMap>(1).Free(call[2], (uint)call[3]);
            return 0;
        };
    }
}
