using System;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Links.Queries;

/// <summary>Reads a hook by BPF_PROG_QUERY, with as much as the kernel knows to tell.</summary>
[SupportedOSPlatform("linux")]
internal static class HookReader
{
    private const uint Effective = 1; // BPF_F_QUERY_EFFECTIVE
    private const int UsualRoom = 64; // a hook takes no more, but the cgroups above have programs too

    /// <exception cref="BpfException">The kernel refused.</exception>
    public static HookState Read(
        FileDescriptorHandle? target, uint interfaceIndex, BpfAttachType hook, bool effective, string name, Func<Errno, string?> hint)
    {
        Errno errno = TryRead(target, interfaceIndex, hook, effective, out HookState? state);
        return state ?? throw Refusal.Of(BpfCommand.ProgQuery, errno, name, hint(errno));
    }

    /// <summary>Reads a hook; no state is a refusal.</summary>
    public static Errno TryRead(FileDescriptorHandle? target, uint interfaceIndex, BpfAttachType hook, bool effective, out HookState? state)
    {
        Errno errno = TryRead(target, interfaceIndex, hook, effective, withDetails: !effective, out state);
        // Kernels refuse fields that they do not know: flags before 6.0, links before 6.6.
        return errno == Errno.EINVAL && !effective ? TryRead(target, interfaceIndex, hook, effective, withDetails: false, out state) : errno;
    }

    private static Errno TryRead(
        FileDescriptorHandle? target, uint interfaceIndex, BpfAttachType hook, bool effective, bool withDetails, out HookState? state)
    {
        state = null;
        for (int room = UsualRoom; ;)
        {
            uint[] programs = new uint[room], flags = new uint[withDetails ? room : 0];
            // Only devices have links to tell of.
            uint[] links = new uint[withDetails && target is null ? room : 0];
            var buffers = new ProgramQueryBuffers { ProgramIds = programs, ProgramAttachFlags = flags, LinkIds = links };
            Errno errno = BpfSyscall.ProgramQuery(target, interfaceIndex, hook, effective ? Effective : 0, buffers, out ProgQueryAttr answer);
            if (errno == Errno.ENOSPC && answer.Count > room)
            {
                room = (int)Math.Min(answer.Count, ushort.MaxValue);
                continue;
            }

            if (errno != Errno.None) return errno;
            var found = new HookProgram[Math.Min(answer.Count, room)];
            for (int i = 0; i < found.Length; i++)
                found[i] = new HookProgram(programs[i], links.Length > 0 ? links[i] : 0, flags.Length > 0 ? (HookFlags)flags[i] : HookFlags.None);
            state = new HookState(hook, found, (HookFlags)answer.AttachFlags, answer.Revision);
            return Errno.None;
        }
    }
}
