using Bpf.Loader.Links;

namespace Bpf.Loader;

public sealed partial class BpfProgram
{
    /// <summary>Attaches an iterator; reading the link then runs the program.</summary>
    /// <param name="options">What it goes over; none is everything of its kind.</param>
    /// <exception cref="BpfAttachException">The options do not fit the iterator, or the kernel refused.</exception>
    /// <remarks>Linux 5.8; CAP_PERFMON.</remarks>
    public BpfIteratorLink AttachIterator(IteratorOptions? options = null) =>
        Watch(IteratorAttacher.Attach(ToAttach, SectionName.Length == 0 ? "iterator" : $"iterator {Definition?.AttachTarget}", options ?? new IteratorOptions()));
}
