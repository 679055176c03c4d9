using System.Runtime.Versioning;
using Bpf.Loader.KernelTests.Support;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// These tests are about the kernel: they run on Linux only.
[assembly: SupportedOSPlatform("linux")]

// At the end of the run nothing of ours may be left.
[assembly: AssemblyFixture(typeof(Leftovers))]

// What docs/hooks.md says of the tests' kernels is what was seen.
[assembly: AssemblyFixture(typeof(HookTable))]

// They count descriptors, kernel objects and mounts of the whole process and machine, which others must not change meanwhile.
[assembly: Parallelization(Mode = ParallelMode.None)]
