using System;
using Bpf.Loader.Interop;
using Bpf.Loader.Loading;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    private BpfProgram(FileDescriptorHandle handle, BpfProgramLoadOptions options)
    {
        Handle = handle;
        Name = options.Name;
        handle.Label = $"program '{Name}'";
        Type = options.Type;
        ExpectedAttachType = options.ExpectedAttachType;
    }

    /// <summary>Loads a program that no object file describes, such as one that <see cref="Instructions.BpfAssembler"/> wrote.</summary>
    /// <param name="options">What it shall be.</param>
    /// <returns>The program, to be disposed by the caller.</returns>
    /// <exception cref="BpfVerifierException">The verifier refuses the program.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel lacks the type, or something else that was asked for.</exception>
    /// <exception cref="BpfException">The kernel refuses it for another reason.</exception>
    /// <exception cref="ArgumentException">There is no code, or it refers to a map that is not given.</exception>
    /// <remarks>CAP_BPF, and CAP_PERFMON or CAP_NET_ADMIN by the type; CAP_SYS_ADMIN before Linux 5.8.</remarks>
    public static BpfProgram Load(BpfProgramLoadOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new BpfProgram(SingleProgram.Load(options), options);
    }
}
