using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>Callbacks that are registered as long as their map has its value.</summary>
[SupportedOSPlatform("linux")]
internal sealed class StructOpsLink(FileDescriptorHandle map, string target) : BpfLink(null, target)
{
    public override void Detach()
    {
        Errno errno = Remove();
        if (errno != Errno.None) throw Refusal.Of(BpfCommand.MapDeleteElement, errno, Target);
    }

    private protected override bool EndsWithoutOwner => false;

    private protected override void Release(bool detach)
    {
        if (detach) LetGo(() => Remove() is var errno and not Errno.ENOENT ? errno : Errno.None, "Unregister it with 'bpf struct_ops unregister'.");
        map.Dispose();
    }

    private Errno Remove()
    {
        uint key = 0;
        return BpfSyscall.MapDelete(map, in MemoryMarshal.AsBytes(new Span<uint>(ref key))[0]);
    }
}
