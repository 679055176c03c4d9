using System;
using System.Collections.Generic;
using Xunit.v3;

namespace Bpf.Loader.KernelTests.Support;

/// <summary>
/// Tests of what the library does with any kernel: they run on this machine's and in one of the virtual machines, and not in all, for
/// an emulated processor takes minutes for what they do. Whoever asks for it by <c>-class</c> gets them everywhere.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class AnyKernelAttribute : Attribute, ITraitAttribute
{
    /// <summary>The trait by which build/test.sh leaves them out.</summary>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Kernel", "any")];
}
