using Bpf.Loader.Interop;

namespace Bpf.Loader.Loading;

/// <summary>What a program attaches to by BTF.</summary>
/// <param name="TypeId">The function, typedef or structure.</param>
/// <param name="Object">The BPF program, or the module's BTF, that the type is of; null for the kernel's own BTF.</param>
internal readonly record struct AttachTarget(uint TypeId, FileDescriptorHandle? Object);
