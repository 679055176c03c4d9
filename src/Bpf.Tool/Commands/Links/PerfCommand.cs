using System.CommandLine;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Links.Queries;
using Bpf.Tool.Output;
using Spectre.Console;

namespace Bpf.Tool.Commands.Links;

/// <summary><c>bpf perf</c>: probes and tracepoints that processes hold by their descriptors, in bpftool's words.</summary>
[SupportedOSPlatform("linux")]
internal static class PerfCommand
{
    public static Command Create() => KernelCommand.Group(
        "perf", "Shows the probes and tracepoints that processes hold.", Show,
        KernelCommand.Create("perf show|list", "Shows them.", "[pid PID]", Show));

    private static void Show(Words words, JsonLines? lines)
    {
        uint? pid = words.TryTake("pid") ? words.TakeNumber("the number of a process") : null;
        words.End();
        Table table = Screen.Table(">pid", ">fd", ">prog", "kind", "name", "offset", "address");
        foreach (TaskAttachment attachment in pid is uint one ? HookQuery.OfTask((int)one) : HookQuery.OfAllTasks())
        {
            if (lines is not null)
            {
                lines.Write(attachment, static (json, item) =>
                {
                    json.WriteStartObject();
                    json.WriteNumber("pid", item.ProcessId);
                    json.WriteNumber("fd", item.Descriptor);
                    json.WriteNumber("prog_id", item.ProgramId);
                    json.WriteString("fd_type", Kind(item.Kind));
                    bool isUser = item.Kind is TaskAttachmentKind.Uprobe or TaskAttachmentKind.Uretprobe;
                    bool isKernel = item.Kind is TaskAttachmentKind.Kprobe or TaskAttachmentKind.Kretprobe;
                    bool isNamed = !isKernel || item.Name.Length > 0;
                    if (isNamed) json.WriteString(isUser ? "filename" : isKernel ? "func" : "tracepoint", item.Name);
                    else json.WriteNumber("addr", item.Address);
                    if (isNamed && (isUser || isKernel)) json.WriteNumber("offset", item.Offset);
                    json.WriteEndObject();
                });
                continue;
            }

            table.AddTextRow(
                Number(attachment.ProcessId), Number(attachment.Descriptor), Number(attachment.ProgramId), Kind(attachment.Kind), attachment.Name,
                attachment.Offset == 0 ? "" : $"0x{attachment.Offset:x}", attachment.Address == 0 ? "" : $"0x{attachment.Address:x}");
        }

        if (lines is null) Screen.Write(table);
    }

    private static string Kind(TaskAttachmentKind kind) => kind == TaskAttachmentKind.RawTracepoint ? "raw_tracepoint" : kind.ToString().ToLowerInvariant();

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
