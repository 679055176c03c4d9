using Bpf.Loader.Interop;

namespace Bpf.Loader.Kernel.Abilities;

/// <summary>What a program asks of the kernel, its code apart.</summary>
internal readonly record struct ProgramQuestion(BpfProgramType Type, BpfAttachType AttachType, BpfProgramFlags Flags)
{
    /// <summary>The type in BTF that it attaches to; 0 for none.</summary>
    public uint TargetType { get; init; }

    /// <summary>The program or module that holds that type; null for the kernel itself.</summary>
    public FileDescriptorHandle? Target { get; init; }

    /// <summary>How many instructions it has.</summary>
    public int Instructions { get; init; }

    /// <summary>Whether it calls functions of the kernel (kfuncs).</summary>
    public bool CallsKernelFunctions { get; init; }

    /// <summary>Whether it refers to types of modules.</summary>
    public bool HasModules { get; init; }
}
