using Bpf.Loader.Btf;

namespace Bpf.Tool.Commands;

/// <summary>A CO-RE relocation: an instruction that depends on the kernel's types.</summary>
/// <param name="Section">The section of the instruction.</param>
/// <param name="Offset">The instruction, in bytes from the start of the section.</param>
/// <param name="Kind">What of the type is asked.</param>
/// <param name="Type">The type in the object's BTF.</param>
/// <param name="Access">The path from the type to what is asked.</param>
/// <param name="Description">All this in the words of libbpf's log, such as <c>&lt;byte_off&gt; [15] struct task_struct.pid (0:0 @ offset 0)</c>.</param>
internal readonly record struct TypeReference(string Section, uint Offset, CoReKind Kind, string Type, string Access, string Description);
