using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Objects;

/// <summary>
/// Tells programs from sub-programs among the static functions outside of <c>.text</c>, which libbpf refuses: what nothing calls is
/// a program, as <c>SEC()</c> says. The compiler keeps a static function without callers only because of that.
/// </summary>
internal static class StaticPrograms
{
    public static void Find(ObjectContext context)
    {
        List<BpfFunction> candidates = FindCandidates(context);
        if (candidates.Count == 0) return;
        CallGraph calls = context.Calls;
        var isCandidate = new HashSet<BpfFunction>(candidates);
        var reached = new HashSet<BpfFunction>(); // from what is no candidate, or is a program
        foreach (BpfFunction function in context.Functions)
        {
            if (!isCandidate.Contains(function)) calls.Reach(function, reached);
        }

        foreach (BpfFunction function in candidates)
        {
            if (!calls.IsCalled(function)) Enter(context, function, reached);
        }

        // Those that only call each other in a circle: the first of them is where it begins.
        foreach (BpfFunction function in candidates)
        {
            if (!reached.Contains(function)) Enter(context, function, reached);
        }

        foreach (BpfFunction function in candidates)
        {
            if (function.IsSubProgram && calls.IsCalled(function))
            {
                context.Note(
                    BpfDiagnosticId.StaticFunction, BpfSeverity.Info,
                    $"The function '{function.Name}' is static: it is no program, and is part of those that call it.", function.SectionIndex, function.Name,
                    cure: "Remove 'static' if it is meant to be a program.");
            }
        }
    }

    private static List<BpfFunction> FindCandidates(ObjectContext context)
    {
        var candidates = new List<BpfFunction>();
        for (int i = 0; i < context.Functions.Count; i++)
        {
            BpfFunction function = context.Functions[i];
            if (function.Binding == ElfSymbolBinding.Local && function.SectionIndex != context.TextSection && !IsAlias(context.Functions, i)) candidates.Add(function);
        }

        return candidates;
    }

    // Another name of code that has a global name, or had one before.
    private static bool IsAlias(List<BpfFunction> functions, int index)
    {
        bool IsSame(int other) => (uint)other < (uint)functions.Count && ReferenceEquals(functions[other].Instructions, functions[index].Instructions);
        if (IsSame(index - 1)) return true;
        for (int next = index + 1; IsSame(next); next++)
        {
            if (functions[next].IsGlobal) return true;
        }

        return false;
    }

    private static void Enter(ObjectContext context, BpfFunction function, HashSet<BpfFunction> reached)
    {
        context.Calls.Reach(function, reached);
        if (CountArguments(context, function) is int count and > 1)
        {
            context.Note(
                BpfDiagnosticId.StaticFunctionUnused, BpfSeverity.Warning,
                $"The static function '{function.Name}' is left out: nothing calls it, and with {count} arguments it is no program, which takes its context alone.", function.SectionIndex, function.Name,
                cure: "Remove it; or give it its context as the only parameter, and remove 'static', if it is meant to be a program.");
            return;
        }

        function.IsSubProgram = false;
        context.Note(
            BpfDiagnosticId.StaticProgram, BpfSeverity.Info,
            $"The function '{function.Name}' is static and nothing calls it: it is taken for the program that its section names.", function.SectionIndex, function.Name,
            cause: "libbpf refuses the object for it.", cure: "Remove 'static': then both load it.");
    }

    // As BTF declares it; null when it does not.
    private static int? CountArguments(ObjectContext context, BpfFunction function)
    {
        if (context.Btf is not BtfReader btf || context.BtfExt is not BtfExtReader info) return null;
        if (!info.Functions.TryFind(btf, Encoding.UTF8.GetBytes(function.SectionName), out BtfExtSection<BtfFuncInfo> records)) return null;
        foreach (BtfFuncInfo record in records)
        {
            if (record.InstructionOffset / BpfInstruction.Size != function.FirstInstruction || !btf.Contains(record.TypeId)) continue;
            return btf[record.TypeId] is { Kind: BtfKind.Function } type && btf[type.TypeId] is { Kind: BtfKind.FunctionPrototype } prototype ? prototype.Parameters.Count : null;
        }

        return null;
    }
}
