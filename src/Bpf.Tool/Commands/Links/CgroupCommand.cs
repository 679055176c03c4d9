using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Btf;
using Bpf.Loader.Links;
using Bpf.Loader.Links.Queries;
using Bpf.Tool.Commands.Programs;
using Bpf.Tool.Output;
using Spectre.Console;

namespace Bpf.Tool.Commands.Links;

/// <summary><c>bpf cgroup</c>: programs of cgroups, in bpftool's words.</summary>
[SupportedOSPlatform("linux")]
internal static class CgroupCommand
{
    private static readonly BpfAttachType[] Hooks =
        [.. Enum.GetValues<BpfAttachType>().Where(type => type == BpfAttachType.LsmCgroup || KernelNames.Of(type).StartsWith("cgroup_", StringComparison.Ordinal))];

    private static readonly EnumerationOptions Below = new() { RecurseSubdirectories = true };
    private static readonly string[] UsualRoots = ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"];

    public static Command Create() => KernelCommand.Group(
        "cgroup", "Shows and handles programs of cgroups.", Tree,
        KernelCommand.Create("cgroup tree", "Shows the programs of all cgroups, or of those from one down.", "[ROOT] [effective]", Tree),
        KernelCommand.Create("cgroup show|list", "Shows the programs of a cgroup.", "CGROUP [effective]", Show),
        KernelCommand.Create("cgroup attach", "Attaches a program to a cgroup, to stay.", $"CGROUP ATTACH_TYPE {ProgramSelector.Grammar} [multi | override]", Attach),
        KernelCommand.Create("cgroup detach", "Takes a program off a cgroup.", $"CGROUP ATTACH_TYPE {ProgramSelector.Grammar}", Detach));

    private static void Show(Words words, JsonLines? lines)
    {
        string path = words.Take("a cgroup's directory");
        bool effective = words.TryTake("effective");
        words.End();
        Table table = NewTable();
        HookQuery.OfCgroup(path, BpfAttachType.CgroupInetIngress, effective); // says so when it is no cgroup
        foreach (CgroupAttachment attachment in Find(path, effective))
        {
            if (lines is not null) lines.Write(attachment, CgroupAttachment.Write);
            else table.AddTextRow(attachment.ToCells());
        }

        if (lines is null) Screen.Write(table);
    }

    private static void Tree(Words words, JsonLines? lines)
    {
        bool effective = words.TryTake("effective");
        string? root = words.AtEnd ? null : words.Take("a cgroup's directory");
        effective |= words.TryTake("effective");
        words.End();
        root ??= FindRoot();
        HookQuery.OfCgroup(root, BpfAttachType.CgroupInetIngress, effective);
        Table table = NewTable("cgroup");
        foreach (string path in Directory.EnumerateDirectories(root, "*", Below).Order(StringComparer.Ordinal).Prepend(root))
        {
            List<CgroupAttachment> found = Find(path, effective);
            if (found.Count > 0) lines?.Write((path, found), CgroupAttachment.WriteAll);
            if (lines is not null) continue;
            foreach (CgroupAttachment attachment in found) table.AddTextRow([path, .. attachment.ToCells()]);
        }

        if (lines is null) Screen.Write(table);
    }

    private static string FindRoot() => Array.Find(UsualRoots, path => File.Exists(path + "/cgroup.controllers"))
        ?? throw new UsageException("No file system of type cgroup2 is mounted where it usually is; give its path.");

    private static Table NewTable(params string[] first) => Screen.Table([.. first, ">prog", "attach type", "flags", "name"]);

    private static List<CgroupAttachment> Find(string path, bool effective)
    {
        var found = new List<CgroupAttachment>();
        foreach (BpfAttachType hook in Hooks)
        {
            if (TryQuery(path, hook, effective) is not { } state) continue;
            foreach (HookProgram program in state.Programs)
            {
                // Before 6.0 the flags are those of all together.
                string? flags = effective ? null : FlagsOf(program.Flags == HookFlags.None ? state.Flags : program.Flags);
                found.Add(Describe(program.ProgramId, hook, flags));
            }
        }

        return found;
    }

    private static HookState? TryQuery(string path, BpfAttachType hook, bool effective)
    {
        try
        {
            return HookQuery.OfCgroup(path, hook, effective);
        }
        catch (BpfException e) when (e.Errno is Errno.EINVAL or Errno.ENOENT or Errno.EOPNOTSUPP)
        {
            return null; // a hook that this kernel does not have, or a cgroup that went meanwhile
        }
    }

    // Of a program at security hooks, the hook too.
    private static CgroupAttachment Describe(uint id, BpfAttachType hook, string? flags)
    {
        try
        {
            using BpfProgram program = BpfProgram.OpenById(id);
            BpfProgramInfo info = program.GetInfo();
            return new CgroupAttachment(id, hook, flags, FullName.Of(program, info), TargetOf(info), info.AttachBtfObjectId, info.AttachBtfId);
        }
        catch (BpfException e) when (e.Errno == Errno.ENOENT)
        {
            return new CgroupAttachment(id, hook, flags, "", "", 0, 0); // it went meanwhile
        }
    }

    // Empty where the kernel's types cannot be read.
    private static string TargetOf(BpfProgramInfo info)
    {
        if (info.AttachBtfId == 0 || info.AttachBtfObjectId == 0) return "";
        try
        {
            return BpfBtf.Open(info.AttachBtfObjectId)[new BtfTypeId((int)info.AttachBtfId)].Name;
        }
        catch (BpfLoaderException)
        {
            return "";
        }
    }

    private static string FlagsOf(HookFlags flags) =>
        (flags & HookFlags.AllowMulti) != 0 ? (flags & HookFlags.PreOrder) != 0 ? "multi,preorder" : "multi"
        : (flags & HookFlags.AllowOverride) != 0 ? "override" : "";

    private static void Attach(Words words, JsonLines? lines)
    {
        string path = words.Take("a cgroup's directory");
        BpfAttachType hook = AttachTypeWord.Take(words);
        using BpfProgram program = ProgramSelector.TakeOne(words);
        HookFlags flags = words.TryTake("multi") ? HookFlags.AllowMulti : words.TryTake("override") ? HookFlags.AllowOverride : HookFlags.None;
        words.End();
        HookAttach.ToCgroup(program, path, hook, flags);
    }

    private static void Detach(Words words, JsonLines? lines)
    {
        string path = words.Take("a cgroup's directory");
        BpfAttachType hook = AttachTypeWord.Take(words);
        using BpfProgram program = ProgramSelector.TakeOne(words);
        words.End();
        HookDetach.FromCgroup(path, hook, program);
    }
}
