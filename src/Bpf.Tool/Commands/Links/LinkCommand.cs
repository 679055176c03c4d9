using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Links.Info;
using Bpf.Tool.Output;
using Spectre.Console;

namespace Bpf.Tool.Commands.Links;

/// <summary><c>bpf link</c>: links of the running system, in bpftool's words.</summary>
[SupportedOSPlatform("linux")]
internal static class LinkCommand
{
    private const string Grammar = "{ id ID | pinned PATH }";

    public static Command Create() => KernelCommand.Group(
        "link", "Shows and handles the links of this system: programs that are attached.", Show,
        KernelCommand.Create("link show|list", "Shows links: all, or one.", $"[{Grammar}]", Show),
        KernelCommand.Create("link pin", "Pins a link, so that it stays when its process ends.", $"{Grammar} FILE", Pin),
        KernelCommand.Create("link detach", "Detaches a link by force.", Grammar, Detach));

    private static void Show(Words words, JsonLines? lines)
    {
        IEnumerable<BpfLink> links = words.AtEnd ? All() : [TakeOne(words)];
        words.End();
        Table table = Screen.Table(">id", "type", ">prog", "attached to");
        foreach (BpfLink link in links)
        {
            using (link)
            {
                BpfLinkInfo info = link.GetInfo();
                if (lines is not null)
                {
                    lines.Write(info, LinkText.Write);
                    continue;
                }

                table.AddTextRow(
                    info.Id.ToString(CultureInfo.InvariantCulture), KernelNames.Of(info.Type), info.ProgramId.ToString(CultureInfo.InvariantCulture), LinkText.Target(info));
            }
        }

        if (lines is null) Screen.Write(table);
    }

    private static void Pin(Words words, JsonLines? lines)
    {
        using BpfLink link = TakeOne(words);
        string path = words.Take("a path on a file system of type bpf");
        words.End();
        link.Pin(path);
    }

    private static void Detach(Words words, JsonLines? lines)
    {
        using BpfLink link = TakeOne(words);
        words.End();
        link.Detach();
    }

    private static BpfLink TakeOne(Words words)
    {
        string kind = words.Take(Grammar);
        return kind switch
        {
            "id" => BpfLink.OpenById(words.TakeNumber("an id")),
            "pinned" => BpfLink.OpenPinned(words.Take("a path")),
            _ => throw new UsageException($"'{kind}' is not understood there; write {Grammar}."),
        };
    }

    private static IEnumerable<BpfLink> All()
    {
        foreach (uint id in BpfLink.EnumerateIds())
        {
            BpfLink link;
            try
            {
                link = BpfLink.OpenById(id);
            }
            catch (BpfException e) when (e.Errno is Errno.ENOENT or Errno.EAGAIN)
            {
                // Gone meanwhile, or (EAGAIN) made meanwhile.
                continue;
            }

            yield return link;
        }
    }
}
