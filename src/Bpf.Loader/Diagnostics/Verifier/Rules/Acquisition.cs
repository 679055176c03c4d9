using System;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>How what a function gives is given back.</summary>
internal static class Acquisition
{
    private const string New = "_new"; // of iterators: bpf_iter_num_new() and the like

    /// <summary>The function that gives back what another took; null when that takes nothing.</summary>
    public static string? ReleaseOf(string function) => function switch
    {
        "bpf_ringbuf_reserve" => "bpf_ringbuf_submit",
        "bpf_ringbuf_reserve_dynptr" => "bpf_ringbuf_submit_dynptr",
        "bpf_sk_lookup_tcp" or "bpf_sk_lookup_udp" or "bpf_skc_lookup_tcp" => "bpf_sk_release",
        "bpf_task_acquire" or "bpf_task_from_pid" or "bpf_task_from_vpid" => "bpf_task_release",
        "bpf_cgroup_acquire" or "bpf_cgroup_ancestor" or "bpf_cgroup_from_id" => "bpf_cgroup_release",
        "bpf_cpumask_create" or "bpf_cpumask_acquire" => "bpf_cpumask_release",
        "bpf_obj_new_impl" or "bpf_obj_new" or "bpf_refcount_acquire_impl" or "bpf_refcount_acquire" => "bpf_obj_drop",
        "bpf_percpu_obj_new_impl" or "bpf_percpu_obj_new" => "bpf_percpu_obj_drop",
        "bpf_kptr_xchg" => "bpf_kptr_xchg",
        "bpf_skb_ct_lookup" or "bpf_xdp_ct_lookup" or "bpf_skb_ct_alloc" or "bpf_xdp_ct_alloc" => "bpf_ct_release",
        "bpf_get_task_exe_file" => "bpf_put_file",
        _ when function.StartsWith("bpf_iter_", StringComparison.Ordinal) && function.EndsWith(New, StringComparison.Ordinal) => function[..^New.Length] + "_destroy",
        _ => null,
    };

    /// <summary>Whether a call gives back what that function, or its like, gives back.</summary>
    public static bool Releases(string callee, string release)
        => callee.StartsWith(release, StringComparison.Ordinal) || (release == "bpf_ringbuf_submit" && callee is "bpf_ringbuf_discard") || (release == "bpf_ringbuf_submit_dynptr" && callee is "bpf_ringbuf_discard_dynptr");

    /// <summary>How to give it back, for people.</summary>
    public static string Words(string release) => release switch
    {
        "bpf_ringbuf_submit" => "bpf_ringbuf_submit() or bpf_ringbuf_discard()",
        "bpf_ringbuf_submit_dynptr" => "bpf_ringbuf_submit_dynptr() or bpf_ringbuf_discard_dynptr()",
        _ => $"{release}()",
    };
}
