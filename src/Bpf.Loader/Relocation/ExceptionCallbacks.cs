using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Relocation;

/// <summary>
/// Finds the exception callback of each program: the global function that the declaration tag
/// <c>exception_callback:NAME</c> on the program names (Linux 6.7).
/// </summary>
internal static class ExceptionCallbacks
{
    private static ReadOnlySpan<byte> Prefix => "exception_callback:"u8;

    /// <summary>The callbacks by program; programs without one are missing.</summary>
    /// <exception cref="BpfFormatException">A tag names no usable function.</exception>
    public static Dictionary<BpfProgramDefinition, BpfFunction> Find(BpfObjectFile file)
    {
        var callbacks = new Dictionary<BpfProgramDefinition, BpfFunction>();
        var tagged = new HashSet<BpfProgramDefinition>();
        if (file.Btf is not { } btf) return callbacks;
        for (int id = btf.FirstId; id < btf.TypeCount; id++)
        {
            BtfType tag = btf[new BtfTypeId(id)];
            if (tag.Kind != BtfKind.DeclarationTag || tag.ComponentIndex != -1 || !tag.NameUtf8.StartsWith(Prefix)) continue;
            BtfType target = btf[tag.TypeId];
            if (target.Kind != BtfKind.Function || target.Linkage != BtfLinkage.Global) continue;
            if (!file.Programs.TryGet(target.Name, out BpfProgramDefinition? program)) continue;

            if (!tagged.Add(program))
            {
                // Two tags on one program: neither counts, and the verifier says what is wrong with that.
                callbacks.Remove(program);
                continue;
            }

            callbacks.Add(program, FindCallback(file, program, tag));
        }

        return callbacks;
    }

    private static BpfFunction FindCallback(BpfObjectFile file, BpfProgramDefinition program, BtfType tag)
    {
        string name = tag.Name[Prefix.Length..];
        foreach (BpfFunction function in file.Functions)
        {
            if (!function.IsSubProgram || function.Name != name) continue;
            if (function.IsHidden || !function.IsGlobal)
                throw Bad(program, name, "which must be global and not hidden");
            return function;
        }

        throw Bad(program, name, name.Length == 0 ? "which is no name" : "which is not in the object");
    }

    private static BpfFormatException Bad(BpfProgramDefinition program, string name, string what) =>
        new($"The program '{program.Name}' has the exception callback '{name}', {what}.", program.SectionName, null, BpfDiagnosticId.BadExceptionCallback);
}
