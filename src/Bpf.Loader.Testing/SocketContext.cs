using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>A context that is about a socket.</summary>
public abstract class SocketContext : FieldContext
{
    private protected SocketContext(ContextLayout layout)
        : base(layout)
    {
    }

    /// <summary>The socket; null for none. Its address is what <c>sk</c> points to.</summary>
    public SocketObject? Socket { get; set; }

    private protected override void Begin()
    {
        if (Layout.Contains("sk")) this["sk"] = Socket?.Enter(Machine) ?? 0;
    }
}
