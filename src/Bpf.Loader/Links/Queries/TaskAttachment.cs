namespace Bpf.Loader.Links.Queries;

/// <summary>A probe that a process holds by a descriptor, with the program that it runs.</summary>
/// <param name="ProcessId">The process.</param>
/// <param name="Descriptor">The number of its descriptor.</param>
/// <param name="Kind">What it is.</param>
/// <param name="ProgramId">The program's number.</param>
/// <param name="Name">The tracepoint, the kernel function, or the binary; empty for a kernel address.</param>
/// <param name="Offset">Bytes from the beginning of the function, or the offset in the binary.</param>
/// <param name="Address">The address of a kernel function; 0 where it is hidden.</param>
public sealed record TaskAttachment(
    int ProcessId, int Descriptor, TaskAttachmentKind Kind, uint ProgramId, string Name, ulong Offset, ulong Address);
