using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>The use of a device: <c>struct bpf_cgroup_dev_ctx</c>.</summary>
public sealed class CgroupDeviceContext : SocketContext
{
    private static readonly ContextLayout Fields = new(
        "bpf_cgroup_dev_ctx", 12,
        "access_type:4 major:4 minor:4");

    /// <summary>Makes a context, all of whose members are 0.</summary>
    public CgroupDeviceContext()
        : base(Fields)
    {
    }

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.CgroupDevice;
}
