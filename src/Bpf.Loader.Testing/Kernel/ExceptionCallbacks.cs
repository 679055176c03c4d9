using System;
using System.Linq;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Testing.Kernel;

/// <summary>Finds the function that runs when a program throws: it is named by a declaration tag of the program.</summary>
internal static class ExceptionCallbacks
{
    private const string Prefix = "exception_callback:";

    /// <summary>The first instruction of the callback; -1 when the program has none.</summary>
    public static int Find(BpfObjectFile file, BpfRelocatedProgram program)
    {
        if (file.Btf is not { } btf || !btf.TryFind(program.Definition.Name, BtfKind.Function, out BtfTypeId function)) return -1;
        for (int id = btf.FirstId; id < btf.FirstId + btf.TypeCount; id++)
        {
            var typeId = new BtfTypeId(id);
            if (!btf.Contains(typeId) || btf[typeId] is not { Kind: BtfKind.DeclarationTag } tag || tag.TypeId != function) continue;
            string name = tag.Name;
            if (!name.StartsWith(Prefix, StringComparison.Ordinal)) continue;
            BpfRelocatedFunction callback = program.Functions.FirstOrDefault(each => each.Name == name[Prefix.Length..]);
            return callback.Name is null ? -1 : callback.Start;
        }

        return -1;
    }
}
