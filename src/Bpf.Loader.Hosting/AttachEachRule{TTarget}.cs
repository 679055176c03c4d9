using System;
using System.Runtime.Versioning;
using Bpf.Loader.Links.Rules;

namespace Bpf.Loader.Hosting;

/// <inheritdoc cref="AttachEachRule"/>
/// <param name="name">What the links are called, each with its target behind; null for the name of the program.</param>
/// <param name="program">Tells the program.</param>
/// <param name="targets">Which targets.</param>
/// <param name="attach">Attaches to one; gives null for what is not to be attached to yet.</param>
[SupportedOSPlatform("linux")]
internal sealed class AttachEachRule<TTarget>(
    string? name, Func<BpfObject, BpfProgram> program, TargetRule<TTarget> targets, Func<BpfProgram, TTarget, BpfLink?> attach) : AttachEachRule
    where TTarget : notnull
{
    public override BpfProgram Program(BpfObject loaded) => program(loaded);

    public override TargetLinks Start(HostLinks links, BpfObject loaded, Action changed)
    {
        BpfProgram attached = Program(loaded);
        return new TargetLinks<TTarget>(links, name ?? attached.Name, attached, targets, attach, changed);
    }
}
