using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Links.Targets;

namespace Bpf.Loader.Links;

/// <summary>Which functions of the kernel's BTF a trampoline can be put at.</summary>
internal static class TraceableTypes
{
    // What a trampoline can pass on: MAX_BPF_FUNC_ARGS of include/linux/bpf.h, each in at most two registers.
    private const int MaximumArguments = 12;
    private const uint MaximumArgumentSize = 16;

    /// <summary>The functions that match a pattern.</summary>
    public static uint[] Find(BtfReader types, ReadOnlySpan<byte> glob)
    {
        var ids = new List<uint>();
        for (int id = types.FirstId; id < types.TypeCount; id++)
        {
            BtfType type = types[new BtfTypeId(id)];
            if (type.Kind == BtfKind.Function && GlobPattern.IsMatch(type.NameUtf8, glob) && IsTraceable(types, types[type.TypeId])) ids.Add((uint)id);
        }

        return [.. ids];
    }

    private static bool IsTraceable(BtfReader types, BtfType prototype)
    {
        if (prototype.Kind != BtfKind.FunctionPrototype || prototype.Parameters.Count > MaximumArguments) return false;
        if (types.StripModifiers(prototype.TypeId).IsComposite) return false;
        foreach (BtfParameter parameter in prototype.Parameters)
        {
            // A parameter without a type stands for "...".
            if (parameter.TypeId.IsVoid || !types.TryGetSize(parameter.TypeId, out uint size) || size > MaximumArgumentSize) return false;
        }

        return true;
    }
}
