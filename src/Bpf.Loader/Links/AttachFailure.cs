using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel.Abilities;

namespace Bpf.Loader.Links;

/// <summary>Makes the exception for an attachment that the kernel refused.</summary>
[SupportedOSPlatform("linux")]
internal static class AttachFailure
{
    /// <summary>A refused command of bpf(2).</summary>
    /// <param name="command">The command.</param>
    /// <param name="errno">The kernel's answer.</param>
    /// <param name="program">The program.</param>
    /// <param name="target">Where it was to be attached.</param>
    /// <param name="hint">What to do about it, if the kernel has the hook; null for what is known of the errno.</param>
    /// <param name="id">The id; null for that of the errno.</param>
    /// <param name="hook">The hook; null for the one that the program was loaded for.</param>
    public static BpfAttachException Of(
        BpfCommand command, Errno errno, ProgramToAttach program, string target, string? hint = null, BpfDiagnosticId? id = null, BpfAttachType? hook = null)
    {
        BpfException refusal = Refusal.OfProgram(command, program.Type, errno, null);
        if (HookAbilities.FindLack(hook ?? program.AttachType, errno) is KernelLack lack) return OfLack(lack, refusal.Operation, errno, program, target);
        hint ??= refusal.Hint ?? (errno == Errno.EINVAL ? $"The kernel gives no reason. It knows the hook; programs of type {program.Type} may not go there, or not with these options." : null);
        return Of(refusal.Operation, errno, program, target, hint, id);
    }

    /// <summary>An attachment for which this kernel lacks something.</summary>
    public static BpfAttachException OfLack(KernelLack lack, string operation, Errno errno, ProgramToAttach program, string target) => new(
        BpfDiagnosticId.NotSupported, target, $"The program '{program.Name}' cannot be attached to {target}: {lack.Sentence}.", errno, operation, lack.Hint);

    /// <summary>A refused system call other than bpf(2), with the capability that it needs.</summary>
    public static BpfAttachException OfCall(
        string call, Errno errno, ProgramToAttach program, string target, Capability needed, string? hint = null, BpfDiagnosticId? id = null)
        => Of(call, errno, program, target, hint ?? Refusal.OfCall(call, errno, null, needed).Hint, id);

    /// <summary>A request over netlink that the kernel may have carried out, and whose answer could not be read.</summary>
    /// <param name="call">The request.</param>
    /// <param name="errno">Why it could not be read.</param>
    /// <param name="program">The program.</param>
    /// <param name="target">Where it was to be attached.</param>
    /// <param name="left">What could not be taken back, and how to, in a full sentence; null when nothing is left.</param>
    public static BpfAttachException OfLostAnswer(string call, Errno errno, ProgramToAttach program, string target, string? left) => Of(
        call, errno, program, target, $"The kernel's answer could not be read. {left ?? "What it may have done was taken back."}",
        left is null ? BpfDiagnosticId.AttachFailed : BpfDiagnosticId.NotTakenBack);

    private static BpfAttachException Of(
        string operation, Errno errno, ProgramToAttach program, string target, string? hint, BpfDiagnosticId? id) => new(
            id ?? (errno is Errno.EPERM or Errno.EACCES ? BpfDiagnosticId.AttachNotPermitted : BpfDiagnosticId.AttachFailed),
            target,
            $"The program '{program.Name}' cannot be attached to {target}: {operation} failed with {BpfException.Describe(errno)}.",
            errno,
            operation,
            hint);
}
