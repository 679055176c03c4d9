namespace Bpf.Loader.Testing.Helpers;

/// <summary>Time, random numbers and CPUs, all of which are the test's.</summary>
internal static class TimeHelpers
{
    public static void AddTo(BpfHelperTable helpers)
    {
        foreach (string clock in (string[])["bpf_ktime_get_ns", "bpf_ktime_get_boot_ns", "bpf_ktime_get_coarse_ns", "bpf_ktime_get_tai_ns"])
            helpers[clock] = static call => call.Machine.LookAtClock();
        helpers["bpf_jiffies64"] = static call => call.Machine.LookAtClock() / 1_000_000;
        helpers["bpf_get_prandom_u32"] = static call => call.Machine.Random();
        helpers["bpf_get_smp_processor_id"] = static call => (ulong)call.Machine.Cpu;
        helpers["bpf_get_numa_node_id"] = static _ => 0;
    }
}
