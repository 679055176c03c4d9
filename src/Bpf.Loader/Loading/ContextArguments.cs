using System;
using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Kernel;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>
/// Gives the arguments that are tagged <c>arg:ctx</c> the type that kernels before 6.8 know a context by. The functions are shared
/// by programs of different types, so each program gets copies of its own in the BTF.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ContextArguments
{
    private static ReadOnlySpan<byte> Tag => "arg:ctx"u8;

    public static void Fix(LoadContext context, BtfBuilder builder)
    {
        BtfReader btf = context.File.Btf!;
        List<BtfType> tags = FindTags(btf);
        if (tags.Count == 0 || context.Features.Expects(KernelFeature.ArgumentContextTag)) return;
        foreach (LinkedProgram program in context.Linked!)
        {
            if (ContextType(program.Definition.Type) is string name && Fix(program, btf, tags, name, builder) is BtfFuncInfo[] info)
                context.Linked!.SetFunctionInfo(program, info);
        }
    }

    private static List<BtfType> FindTags(BtfReader btf)
    {
        var tags = new List<BtfType>();
        for (int id = btf.FirstId; id < btf.TypeCount; id++)
        {
            BtfType tag = btf[new BtfTypeId(id)];
            if (tag.Kind == BtfKind.DeclarationTag && tag.NameUtf8.SequenceEqual(Tag)) tags.Add(tag);
        }

        return tags;
    }

    /// <summary>The function info with the copies; null when none are needed.</summary>
    private static BtfFuncInfo[]? Fix(LinkedProgram program, BtfReader btf, List<BtfType> tags, string contextType, BtfBuilder builder)
    {
        BtfFuncInfo[] originals = program.FunctionInfo;
        var changed = (BtfFuncInfo[])originals.Clone();
        var prototypes = new Dictionary<int, BtfTypeId>();
        BtfTypeId pointer = default;
        foreach (BtfType tag in tags)
        {
            BtfType function = btf[tag.TypeId];
            if (function.Kind != BtfKind.Function || function.Linkage != BtfLinkage.Global) continue;
            int record = Array.FindIndex(originals, info => info.TypeId == function.Id);
            BtfParameterCollection parameters = btf[function.TypeId].Parameters;
            int index = tag.ComponentIndex;
            if (record < 0 || index < 0 || index >= parameters.Count || !NeedsFix(btf, program.Definition.Type, parameters[index].TypeId, contextType)) continue;

            if (!prototypes.TryGetValue(record, out BtfTypeId prototype))
            {
                prototype = Copy(btf[function.TypeId], builder);
                prototypes.Add(record, prototype);
                changed[record] = originals[record] with { TypeId = builder.AddFunction(function.Name, BtfLinkage.Global, prototype) };
            }

            if (pointer.IsVoid) pointer = builder.AddPointer(builder.AddStruct(contextType, 0));
            builder.AddDeclarationTag("arg:ctx", changed[record].TypeId, index);
            builder.SetEntryType(prototype, index, pointer);
        }

        return prototypes.Count == 0 ? null : changed;
    }

    private static BtfTypeId Copy(BtfType prototype, BtfBuilder builder)
    {
        BtfTypeId copy = builder.AddFunctionPrototype(prototype.TypeId);
        foreach (BtfParameter parameter in prototype.Parameters) builder.AddParameter(parameter.Name, parameter.TypeId);
        return copy;
    }

    /// <summary>True for <c>void *</c> and for what people write for the context; a type that the kernel knows stays.</summary>
    private static bool NeedsFix(BtfReader btf, BpfProgramType type, BtfTypeId argument, string contextType)
    {
        BtfType pointer = btf.StripModifiers(argument);
        if (pointer.Kind != BtfKind.Pointer) return false;
        BtfType target = btf[pointer.TypeId];
        for (int steps = 0; target.IsModifier && steps < btf.TypeCount; steps++) target = btf[target.TypeId];
        if (target.Kind == BtfKind.Typedef && target.Name == contextType) return false;
        target = btf.StripModifiers(target.Id);
        return target switch
        {
            { Kind: BtfKind.Void } => true,
            { Kind: BtfKind.Struct } => type is BpfProgramType.Kprobe or BpfProgramType.PerfEvent && target.Name is "pt_regs" or "user_pt_regs" && target.Name != contextType,
            { Kind: BtfKind.Int, Size: 8 } => type is BpfProgramType.RawTracepoint or BpfProgramType.RawTracepointWritable,
            _ => false,
        };
    }

    /// <summary>The structure by which a kernel of before 6.8 knows the context of a program.</summary>
    private static string? ContextType(BpfProgramType type) => type switch
    {
        BpfProgramType.CgroupDevice => "bpf_cgroup_dev_ctx",
        BpfProgramType.CgroupSkb or BpfProgramType.LwtIn or BpfProgramType.LwtOut or BpfProgramType.LwtSeg6Local or BpfProgramType.LwtXmit
            or BpfProgramType.SchedAct or BpfProgramType.SchedCls or BpfProgramType.SkSkb or BpfProgramType.SocketFilter
            or BpfProgramType.FlowDissector => "__sk_buff",
        BpfProgramType.CgroupSock => "bpf_sock",
        BpfProgramType.CgroupSockAddr => "bpf_sock_addr",
        BpfProgramType.CgroupSockOpt => "bpf_sockopt",
        BpfProgramType.CgroupSysctl => "bpf_sysctl",
        BpfProgramType.Kprobe => "bpf_user_pt_regs_t",
        BpfProgramType.Netfilter => "bpf_nf_ctx",
        BpfProgramType.PerfEvent => "bpf_perf_event_data",
        BpfProgramType.RawTracepoint or BpfProgramType.RawTracepointWritable => "bpf_raw_tracepoint_args",
        BpfProgramType.SkLookup => "bpf_sk_lookup",
        BpfProgramType.SkMsg => "sk_msg_md",
        BpfProgramType.SkReusePort => "sk_reuseport_md",
        BpfProgramType.SockOps => "bpf_sock_ops",
        BpfProgramType.Xdp => "xdp_md",
        _ => null,
    };
}
