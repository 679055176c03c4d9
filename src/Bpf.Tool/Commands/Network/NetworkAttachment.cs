using System.Text.Json;

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
    public static void Write(Utf8JsonWriter json, NetworkAttachment attachment)
    {
        json.WriteStartObject();
        if (attachment.Device.Length > 0)
        {
            json.WriteString("devname", attachment.Device);
            json.WriteNumber("ifindex", attachment.InterfaceIndex);
        }

        json.WriteString("kind", attachment.Hook);
        json.WriteNumber("prog_id", attachment.ProgramId);
        if (attachment.LinkId != 0) json.WriteNumber("link_id", attachment.LinkId);
        if (attachment.Place.Length > 0) json.WriteString("place", attachment.Place);
        json.WriteEndObject();
    }
}
