using System;
using Bpf.Loader.Btf;
using Bpf.Loader.Links;
using Bpf.Loader.Loading;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Puts the program in the place of a global function of another program.</summary>
    /// <param name="target">The program that has the function.</param>
    /// <param name="function">The function, of the same prototype as the one that this program was loaded for.</param>
    /// <exception cref="BpfAttachException">The target has no such function, it is replaced already, or the kernel refused.</exception>
    /// <exception cref="BpfException">The target's BTF cannot be read: that needs CAP_SYS_ADMIN.</exception>
    /// <remarks>Linux 5.10, and 5.6 for the target that was given at the load; CAP_BPF and CAP_PERFMON.</remarks>
    public BpfLink AttachReplacement(BpfProgram target, string function)
    {
        ArgumentNullException.ThrowIfNull(target);
        string place = $"function '{function}' of program '{target.Name}'";
        BtfReader? btf = ProgramBtf.Read(target);
        if (btf is null || !btf.TryFind(function, BtfKind.Function, out BtfTypeId id))
        {
            throw new BpfAttachException(
                BpfDiagnosticId.NoSuchSymbol, place,
                btf is null ? $"The program '{target.Name}' was loaded without BTF." : $"The program '{target.Name}' has no function '{function}'.", Errno.ENOENT);
        }

        return Watch(ReplacementAttacher.Attach(ToAttach, target.Handle, (uint)id.Value, place));
    }
}
