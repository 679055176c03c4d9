using System;
using System.Runtime.Versioning;
using Bpf.Loader.Links.Targets;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Links;

/// <summary>Attaches a program to what its section name says.</summary>
[SupportedOSPlatform("linux")]
internal static class AutoAttacher
{
    /// <summary>Attaches a program.</summary>
    /// <returns>Null when the section name does not say where to.</returns>
    public static BpfLink? TryAttach(BpfProgram program) => program.Definition?.SectionDefinition?.AttachKind switch
    {
        AttachKind.Kprobe => AttachKprobe(program, false),
        AttachKind.Kretprobe => AttachKprobe(program, true),
        AttachKind.KprobeMulti or AttachKind.KprobeSession => AttachKprobeMulti(program, false),
        AttachKind.KretprobeMulti => AttachKprobeMulti(program, true),
        AttachKind.Ksyscall => AttachKsyscall(program, false),
        AttachKind.Kretsyscall => AttachKsyscall(program, true),
        AttachKind.Uprobe => AttachUprobe(program, false),
        AttachKind.Uretprobe => AttachUprobe(program, true),
        AttachKind.UprobeMulti or AttachKind.UprobeSession => AttachUprobeMulti(program, false),
        AttachKind.UretprobeMulti => AttachUprobeMulti(program, true),
        AttachKind.Usdt => UsdtTarget.TryParse(Section(program), out UsdtTarget usdt) ? program.AttachUsdt(usdt.Binary, usdt.Provider, usdt.Name) : null,
        AttachKind.Tracepoint => TracepointTarget.TryParse(Section(program), out TracepointTarget tracepoint)
            ? program.AttachTracepoint(tracepoint.Category, tracepoint.Name)
            : null,
        AttachKind.RawTracepoint => TracepointTarget.TryParseRaw(Section(program), out string name) ? program.AttachRawTracepoint(name) : null,
        AttachKind.BtfTracepoint or AttachKind.Trampoline or AttachKind.Lsm or AttachKind.Replace => program.AttachTracing(),
        AttachKind.TrampolineMulti => PatternTarget.TryParse(Section(program), true, out string pattern) ? TracingMultiAttacher.Attach(program.ToAttach, pattern) : null,
        AttachKind.Iterator => program.AttachIterator(),
        _ => null,
    };

    private static BpfLink? AttachKprobe(BpfProgram program, bool atReturn) => KprobeTarget.TryParse(Section(program), out KprobeTarget target)
        ? KprobeAttacher.Attach(program.ToAttach, target.Function, atReturn, new KprobeOptions { Offset = target.Offset })
        : null;

    private static BpfLink? AttachKprobeMulti(BpfProgram program, bool atReturn) =>
        PatternTarget.TryParse(Section(program), false, out string pattern) ? program.AttachKprobeMulti(pattern, atReturn) : null;

    private static BpfLink? AttachKsyscall(BpfProgram program, bool atReturn) =>
        program.Definition?.AttachTarget is string systemCall ? program.AttachKsyscall(systemCall, atReturn) : null;

    private static BpfLink? AttachUprobe(BpfProgram program, bool atReturn)
    {
        if (!UprobeTarget.TryParse(Section(program), out UprobeTarget target)) return null;
        return UprobeAttacher.Attach(program.ToAttach, target.Binary, target.Function, atReturn, new UprobeOptions { Offset = target.Offset });
    }

    private static BpfLink? AttachUprobeMulti(BpfProgram program, bool atReturn) => UprobeTarget.TryParsePattern(Section(program), out UprobeTarget target)
        ? program.AttachUprobeMulti(target.Binary, target.Function, new UprobeMultiOptions { AtReturn = atReturn })
        : null;

    // The caller may have given another target than the file.
    private static string Section(BpfProgram program)
    {
        BpfProgramDefinition definition = program.Definition!;
        int slash = definition.SectionName.IndexOf('/', StringComparison.Ordinal);
        string kind = slash < 0 ? definition.SectionName : definition.SectionName[..slash];
        return definition.AttachTarget is string target ? $"{kind}/{target}" : kind;
    }
}
