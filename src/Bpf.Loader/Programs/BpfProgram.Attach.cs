using Bpf.Loader.Diagnostics;
using Bpf.Loader.Links;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>The object that the program was loaded with; null when it was opened by number or pin.</summary>
    internal BpfObject? Owner { get; set; }

    /// <summary>Where findings about the program go; null when it was opened by number or pin.</summary>
    internal Findings? Findings => Owner?.Findings;

    /// <summary>What the attach functions need to know.</summary>
    internal ProgramToAttach ToAttach => new(Handle, Name, Type, ExpectedAttachType);

    /// <summary>
    /// Attaches the program to what its section name says (<c>kprobe/do_unlinkat</c>), or what
    /// <see cref="Objects.BpfProgramDefinition.AttachTarget"/> was set to before the load.
    /// </summary>
    /// <returns>The attachment; disposing it detaches.</returns>
    /// <exception cref="BpfAttachException">The section name does not say where to, or the kernel refused.</exception>
    /// <exception cref="BpfNotSupportedException">The kernel lacks what the hook needs.</exception>
    public BpfLink Attach() => Watch(AutoAttacher.TryAttach(this) ?? throw new BpfAttachException(
        BpfDiagnosticId.NoAutoAttach,
        $"section '{SectionName}'",
        SectionName.Length == 0
            ? $"The program '{Name}' does not come from an object file, so that no section name says where to attach it."
            : $"The section name '{SectionName}' of the program '{Name}' does not say where to attach it.",
        Errno.EOPNOTSUPP,
        hint: "Call the attach method of its hook, such as AttachXdp for a network device."));

    /// <summary>Attaches the program to what its section name says.</summary>
    /// <returns>Null when it does not say where to.</returns>
    internal BpfLink? TryAttach() => AutoAttacher.TryAttach(this) is BpfLink link ? Watch(link) : null;

    // A link that nobody holds detaches, or can never be detached, when the garbage collector comes to it: that is told.
    private T Watch<T>(T link)
        where T : BpfLink
    {
        link.Watch(Findings, Name);
        return link;
    }
}
