using System;
using System.Collections.Generic;

namespace Bpf.Loader.KernelTests.Faults;

/// <summary>Something whose system calls are made to fail, in the place that it needs.</summary>
/// <param name="run">What is done, from the beginning to the end: it leaves nothing.</param>
/// <param name="after">What is done when no call fails any more: it takes away what a success leaves.</param>
/// <param name="left">What of it can be seen in the kernel, beside descriptors and mappings; nothing when it has left nothing.</param>
/// <param name="place">The devices, cgroups and file systems that it needs, if any.</param>
internal sealed class FaultScenario(Action run, Action? after = null, Func<IEnumerable<string>>? left = null, params IDisposable[] place) : IDisposable
{
    public void Run() => run();

    public void After() => after?.Invoke();

    public IEnumerable<string> Left() => left?.Invoke() ?? [];

    public void Dispose()
    {
        for (int i = place.Length - 1; i >= 0; i--) place[i].Dispose();
    }
}
