using System.Runtime.Versioning;
using Xunit;

// These tests are about the kernel: they run on Linux only.
[assembly: SupportedOSPlatform("linux")]

// They count descriptors, kernel objects and mounts of the whole process and machine, which others must not change meanwhile.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
