using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using Bpf.Loader;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Links;

/// <summary>A program of a cgroup.</summary>
/// <param name="ProgramId">The program.</param>
/// <param name="Hook">The hook.</param>
/// <param name="Flags">How it shares the hook, in bpftool's words; null of those in effect, whichever cgroup they are from.</param>
/// <param name="Name">The name of the program.</param>
/// <param name="Target">The security hook; empty at other hooks.</param>
/// <param name="TargetObject">The BTF that it is in; 0 at other hooks.</param>
/// <param name="TargetType">Which it is there; 0 at other hooks.</param>
internal sealed record CgroupAttachment(uint ProgramId, BpfAttachType Hook, string? Flags, string Name, string Target, uint TargetObject, uint TargetType)
{
    /// <summary>The cells of a row.</summary>
    public string[] ToCells() =>
        [ProgramId.ToString(CultureInfo.InvariantCulture), KernelNames.Of(Hook), Flags ?? "", Target.Length == 0 ? Name : $"{Name} at {Target}"];

    public static void Write(Utf8JsonWriter json, CgroupAttachment attachment)
    {
        json.WriteStartObject();
        json.WriteNumber("id", attachment.ProgramId);
        json.WriteString("attach_type", KernelNames.Of(attachment.Hook));
        if (attachment.Flags is not null) json.WriteString("attach_flags", attachment.Flags);
        json.WriteString("name", attachment.Name);
        json.WriteString("attach_btf_name", attachment.Target);
        json.WriteNumber("attach_btf_obj_id", attachment.TargetObject);
        json.WriteNumber("attach_btf_id", attachment.TargetType);
        json.WriteEndObject();
    }

    /// <summary>Writes the programs of a cgroup of several.</summary>
    public static void WriteAll(Utf8JsonWriter json, (string Path, List<CgroupAttachment> Found) cgroup)
    {
        json.WriteStartObject();
        json.WriteString("cgroup", cgroup.Path);
        json.WriteStartArray("programs");
        foreach (CgroupAttachment attachment in cgroup.Found) Write(json, attachment);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
