using System;
using System.Collections.Generic;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Diagnostics;

namespace Bpf.Loader.Relocation;

/// <summary>What a CO-RE relocation does not find on a target, for people: what exactly, what is there instead, and how to ask for it.</summary>
/// <param name="What">What is missing, a sentence; and what has nearly that name.</param>
/// <param name="Cause">Why, as far as it is known.</param>
/// <param name="Cure">What to do about it.</param>
internal sealed record CoReAbsence(string What, string Cause, string Cure)
{
    private const string Ask = "Ask before the access whether it is there";

    /// <summary>Finds out what is missing.</summary>
    /// <param name="result">The relocation.</param>
    /// <param name="outcome">What became of the instruction.</param>
    /// <param name="findElsewhere">Looks for a type of that kind and name where the target's types do not reach, and says a sentence of it; or null.</param>
    /// <returns>Null when nothing is missing.</returns>
    public static CoReAbsence? Of(CoReResult result, CoReOutcome outcome, Func<BtfKind, string, string?>? findElsewhere)
    {
        if (result.Explain(outcome) is not string what) return null;
        CoReSpec local = result.Local;
        string relocation = $"The relocation is {local}.";
        string changed = $"Types change with kernels. {relocation}";
        if (outcome == CoReOutcome.WidthUnsafe)
            return new CoReAbsence(what, relocation, "Declare the member as wide as the target has it, in a struct with a flavor (___x), or read it by BPF_CORE_READ_BITFIELD() or bpf_core_read().");

        BtfType root = local.Types[local.RootTypeId];
        string name = Encoding.UTF8.GetString(BtfReader.EssentialName(root.NameUtf8)), word = root.Kind.ToLogName();
        BtfReader? target = result.Searched?.Kernel;
        string? machine = target is null ? null : RegisterHeaders.Explain(root, target);
        string cure = $"{Ask}: {Macro(local, result.CandidateCount > 0)}.";
        if (machine is not null) return new CoReAbsence(what, $"{machine} {relocation}", RegisterHeaders.Cure);
        if (result.CandidateCount == 0)
        {
            string? near = target is null ? null : Types(target, root.Kind, name).Question, elsewhere = findElsewhere?.Invoke(root.Kind, name);
            return new CoReAbsence(Join($"The target has no {word} {name}.", near), Join(elsewhere ?? "Types come and go with kernels, their configuration and modules.", relocation), cure);
        }

        return local.Kind.IsEnumerator() ? OfEnumerator(local, result.Candidates, word, name, changed, cure) : OfField(local, result.Candidates, word, name, changed, cure);
    }

    private static CoReAbsence OfEnumerator(CoReSpec local, BtfType[] candidates, string word, string name, string cause, string cure)
    {
        string wanted = local.DescribePath();
        var close = new CloseNames(wanted);
        foreach (BtfType candidate in candidates)
        {
            BtfType type = candidate.Reader.StripModifiers(candidate.Id);
            if (!type.IsEnum) continue;
            foreach (BtfEnumerator enumerator in type.Enumerators) close.Add(enumerator.Name);
        }

        return new CoReAbsence(Join($"The target's {word} {name} has no {wanted}.", close.Question), cause, cure);
    }

    // The first candidate stands for all: mostly it is the only one.
    private static CoReAbsence OfField(CoReSpec local, BtfType[] candidates, string word, string name, string cause, string cure)
    {
        BtfType candidate = candidates[0];
        BtfReader target = candidate.Reader;
        BtfType current = target.StripModifiers(candidate.Id);
        string path = "";
        for (int i = 0; i < local.AccessorSpan.Length; i++)
        {
            CoReAccessor accessor = local.AccessorSpan[i];
            if (!accessor.IsNamed)
            {
                if (i == 0) continue;
                if (current.Kind != BtfKind.Array) break;
                current = target.StripModifiers(current.Array.ElementTypeId);
                continue;
            }

            BtfMember wanted = local.Types[accessor.TypeId].Members[accessor.Index];
            var close = new CloseNames(wanted.Name);
            string owner = path.Length == 0 ? $"{word} {name}" : $"{current.Kind.ToLogName()} {(current.NameUtf8.IsEmpty ? $"of {path}" : current.Name)}";
            if (FindMember(current, wanted.NameUtf8, close, 0) is not BtfTypeId member) return new CoReAbsence(Join($"The target's {owner} has no {wanted.Name}.", close.Question), cause, cure);
            path = path.Length == 0 ? wanted.Name : $"{path}.{wanted.Name}";
            current = target.StripModifiers(member);
        }

        string theirs = current.NameUtf8.IsEmpty ? current.Kind.ToLogName() : current.IsComposite || current.IsEnum ? $"{current.Kind.ToLogName()} {current.Name}" : current.Name;
        return new CoReAbsence(
            $"The target's {word} {name} has {local.DescribePath()} with another type ({theirs}).", cause, $"Declare it as the target has it, in a struct with a flavor ({name}___x); and ask which there is: {Macro(local, hasType: true)}.");
    }

    // The type of a member, looked for in anonymous members too; all names that are passed are noted.
    private static BtfTypeId? FindMember(BtfType composite, ReadOnlySpan<byte> name, CloseNames close, int depth)
    {
        const int DeepestNesting = 16;
        if (!composite.IsComposite || depth > DeepestNesting) return null;
        foreach (BtfMember member in composite.Members)
        {
            if (member.IsAnonymous)
            {
                if (FindMember(composite.Reader.StripModifiers(member.TypeId), name, close, depth + 1) is BtfTypeId nested) return nested;
            }
            else if (member.NameEquals(name))
            {
                return member.TypeId;
            }
            else
            {
                close.Add(member.Name);
            }
        }

        return null;
    }

    private static CloseNames Types(BtfReader target, BtfKind kind, string name)
    {
        var close = new CloseNames(name);
        Span<char> text = stackalloc char[128];
        for (int id = target.FirstId; id < target.TypeCount; id++)
        {
            BtfType type = target[new BtfTypeId(id)];
            if (type.NameUtf8.IsEmpty || type.NameUtf8.Length > text.Length || !CoReKinds.IsCompatible(kind, type.Kind)) continue;
            close.Add(text[..Encoding.Latin1.GetChars(type.NameUtf8, text)]);
        }

        return close;
    }

    // What bpf_core_read.h calls the question.
    private static string Macro(CoReSpec local, bool hasType)
    {
        BtfType root = local.Types[local.RootTypeId];
        string type = $"{root.Kind.ToLogName()} {root.Name}".Replace("typedef ", "", StringComparison.Ordinal);
        if (local.Kind.IsEnumerator()) return $"bpf_core_enum_value_exists({type}, {local.DescribePath()})";
        string path = local.DescribePath();
        return hasType && path.Length > 0 ? $"bpf_core_field_exists({type}, {path})" : $"bpf_core_type_exists({type})";
    }

    private static string Join(params IEnumerable<string?> parts)
    {
        var text = new StringBuilder();
        foreach (string? part in parts)
        {
            if (part is not null) text.Append(text.Length == 0 ? "" : " ").Append(part);
        }

        return text.ToString();
    }
}
