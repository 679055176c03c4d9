using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Makes the exception for an attachment that the kernel refused.</summary>
[SupportedOSPlatform("linux")]
internal static class AttachFailure
{
    /// <summary>A refused command of bpf(2).</summary>
    public static BpfAttachException Of(
        BpfCommand command, Errno errno, ProgramToAttach program, string target, string? hint = null, BpfDiagnosticId? id = null)
    {
        BpfException refusal = Refusal.OfProgram(command, program.Type, errno, null);
        return Of(refusal.Operation, errno, program, target, hint ?? refusal.Hint, id);
    }

    /// <summary>A refused system call other than bpf(2), with the capability that it needs.</summary>
    public static BpfAttachException OfCall(
        string call, Errno errno, ProgramToAttach program, string target, Capability needed, string? hint = null, BpfDiagnosticId? id = null)
        => Of(call, errno, program, target, hint ?? Refusal.OfCall(call, errno, null, needed).Hint, id);

    private static BpfAttachException Of(
        string operation, Errno errno, ProgramToAttach program, string target, string? hint, BpfDiagnosticId? id) => new(
            id ?? (errno is Errno.EPERM or Errno.EACCES ? BpfDiagnosticId.AttachNotPermitted : BpfDiagnosticId.AttachFailed),
            target,
            $"The program '{program.Name}' cannot be attached to {target}: {operation} failed with {BpfException.Describe(errno)}.",
            errno,
            operation,
            hint);
}
