namespace Bpf.Loader.Testing.Contexts;

/// <summary>The context of what has none, such as the callback of a timer.</summary>
internal sealed class NoContext : BpfContext
{
    internal override string Name => "no context";

    private protected override void Create()
    {
    }

    private protected override void Release()
    {
    }
}
