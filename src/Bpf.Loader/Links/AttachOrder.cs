using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Where, among the programs of a hook that takes several, a program is put: tcx and netkit, and cgroups since 6.17.</summary>
[SupportedOSPlatform("linux")]
public sealed record AttachOrder
{
    private const uint BeforeFlag = 1 << 3, AfterFlag = 1 << 4, IsLinkFlag = 1 << 13;

    private AttachOrder(uint flags, FileDescriptorHandle? anchor, uint anchorId)
    {
        Flags = flags;
        Anchor = anchor;
        AnchorId = anchorId;
    }

    /// <summary>Behind all others; the default.</summary>
    public static AttachOrder Last { get; } = new(AfterFlag, null, 0);

    /// <summary>Before all others.</summary>
    public static AttachOrder First { get; } = new(BeforeFlag, null, 0);

    /// <summary>The revision that the hook must be at, as a query told it; 0 for any. If others came between, the kernel refuses with ESTALE.</summary>
    public ulong ExpectedRevision { get; init; }

    internal uint Flags { get; }

    internal FileDescriptorHandle? Anchor { get; }

    internal uint AnchorId { get; }

    /// <summary>Before a program that is attached there without a link, or by a link of which the program is known.</summary>
    public static AttachOrder Before(BpfProgram program) => new(BeforeFlag, Handle(program), 0);

    /// <summary>Before a link that is attached there.</summary>
    public static AttachOrder Before(BpfLink link) => new(BeforeFlag | IsLinkFlag, Handle(link), 0);

    /// <summary>Behind a program that is attached there.</summary>
    public static AttachOrder After(BpfProgram program) => new(AfterFlag, Handle(program), 0);

    /// <summary>Behind a link that is attached there.</summary>
    public static AttachOrder After(BpfLink link) => new(AfterFlag | IsLinkFlag, Handle(link), 0);

    /// <summary>Before the program with a number.</summary>
    public static AttachOrder BeforeProgram(uint id) => new(BeforeFlag, null, id);

    /// <summary>Behind the program with a number.</summary>
    public static AttachOrder AfterProgram(uint id) => new(AfterFlag, null, id);

    /// <summary>Before the link with a number.</summary>
    public static AttachOrder BeforeLink(uint id) => new(BeforeFlag | IsLinkFlag, null, id);

    /// <summary>Behind the link with a number.</summary>
    public static AttachOrder AfterLink(uint id) => new(AfterFlag | IsLinkFlag, null, id);

    private static FileDescriptorHandle Handle(BpfProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        return program.Handle;
    }

    private static FileDescriptorHandle Handle(BpfLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        return link.Handle ?? throw new ArgumentException($"The kernel has no link object for {link.Target}.", nameof(link));
    }
}
