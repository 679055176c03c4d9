using Bpf.Loader.Links.Info;

namespace Bpf.Tool.Commands.Network;

/// <summary>A program of a network namespace.</summary>
/// <param name="Device">The network device; empty for the whole namespace.</param>
/// <param name="InterfaceIndex">The device's number.</param>
/// <param name="Hook">The hook, such as <c>tcx/ingress</c>.</param>
/// <param name="ProgramId">The program.</param>
/// <param name="LinkId">The link that holds it; 0 for none.</param>
/// <param name="Place">Where at the hook.</param>
internal sealed record NetworkAttachment(string Device, int InterfaceIndex, string Hook, uint ProgramId, uint LinkId = 0, string Place = "")
{
    /// <summary>The name of the program, or of the filter that has it.</summary>
    public string Name { get; init; } = "";

    /// <summary>The link of netfilter; null at other hooks.</summary>
    public NetfilterLinkInfo? Netfilter { get; init; }
}
