using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Links.Queries;

namespace Bpf.Loader.Links;

/// <summary>Names, for error messages, the programs that are in the way.</summary>
[SupportedOSPlatform("linux")]
internal static class AttachedBy
{
    /// <summary>Whether a hook has a program, as far as the kernel tells.</summary>
    public static bool Any(FileDescriptorHandle target, BpfAttachType hook) =>
        HookReader.TryRead(target, 0, hook, false, out HookState? state) == Errno.None && state?.Programs.Count > 0;

    /// <summary>The programs of a hook, such as <c> (program 12 'filter')</c>; empty when there are none or nobody tells.</summary>
    /// <param name="target">The hook, when it is a descriptor.</param>
    /// <param name="hook">Which of its hooks.</param>
    /// <param name="effective">Whether those of the cgroups above count too.</param>
    public static string Describe(FileDescriptorHandle target, BpfAttachType hook, bool effective = false)
    {
        if (HookReader.TryRead(target, 0, hook, effective, out HookState? state) != Errno.None || state is null || state.Programs.Count == 0) return "";
        var text = new StringBuilder(" (");
        foreach (HookProgram program in state.Programs)
        {
            if (text.Length > 2) text.Append(", ");
            text.Append(Name(program.ProgramId));
        }

        return text.Append(')').ToString();
    }

    /// <summary>A program's number and, where the process may see it, its name.</summary>
    public static string Name(uint id)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"program {id}");
        using FileDescriptorHandle? handle = BpfSyscall.OpenById(BpfCommand.ProgGetFdById, id, 0, out _);
        return handle is not null && BpfSyscall.GetProgramInfo(handle, out ProgInfo info) == Errno.None ? $"{text} '{info.Name}'" : text;
    }
}
