namespace Bpf.Loader.Kernel;

/// <summary>Why something is no cgroup of version 2.</summary>
/// <param name="Errno">What the kernel said, or would say.</param>
/// <param name="Operation">Of what call.</param>
/// <param name="What">What it is instead, as the end of a sentence.</param>
/// <param name="Cure">What to do, in sentences.</param>
internal sealed record CgroupProblem(Errno Errno, string Operation, string What, string? Cure);
