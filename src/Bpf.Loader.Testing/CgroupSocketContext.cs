using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>A socket that is made, bound or released: <c>struct bpf_sock</c> of cgroups.</summary>
public sealed class CgroupSocketContext : SocketContext
{
    private static readonly ContextLayout Fields = SocketObject.BpfSock;

    /// <summary>Makes a context, all of whose members are 0.</summary>
    public CgroupSocketContext()
        : base(Fields)
    {
    }

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.CgroupSock;
}
