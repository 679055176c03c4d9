using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Bpf.Loader.Btf;

namespace Bpf.Loader.Maps;

/// <summary>
/// Tells when a C# structure contradicts the C type that it stands for: where it is used first, by field. What is certain is told: a
/// field of the same name at another place, a field across two of C. <see cref="BpfMap.CheckValueLayout"/> asks for more.
/// </summary>
internal static class LayoutCheck
{
    private const int Named = 3;

    /// <summary>Throws when a C# type is not the C type of keys or values.</summary>
    /// <param name="owner">Whose it is, such as <c>map 'counts'</c>.</param>
    /// <param name="what">What it is: keys, values, records.</param>
    /// <param name="size">The bytes that there are.</param>
    /// <param name="btf">The types; null when they are not known.</param>
    /// <param name="type">The C type.</param>
    /// <param name="mayBeLonger">Whether what there is may go on behind the C# type.</param>
    /// <exception cref="ArgumentException">It is not; the message names the fields.</exception>
    public static void Require<T>(string owner, string what, int size, BtfReader? btf, BtfTypeId type, bool mayBeLonger = false)
        where T : unmanaged
    {
        int own = Unsafe.SizeOf<T>();
        bool fits = mayBeLonger ? own <= size : own == size;
        IReadOnlyList<string> wrong = Contradictions<T>(btf, type);
        if (fits && wrong.Count == 0) return;

        string name = typeof(T).Name;
        string summary = fits ? $"The {what} of {owner} are not laid out as {name} is." : $"{owner} has {what} of {size} bytes; {name} has {own}.";
        var finding = new BpfFinding
        {
            Id = BpfDiagnosticId.LayoutMismatch,
            What = wrong.Count == 0 ? summary : $"{summary} {Sentence(wrong[0])}",
            Origins = [.. wrong.Skip(1).Take(Named - 1).Select(difference => new BpfOrigin(difference, default))],
            Cause = wrong.Count > 0 || fits ? "Fields would hold what belongs to others." : null,
            Cure = "Declare the fields in the order and with the sizes of C, gaps included, or use the structure of the generated class (bpf gen skeleton).",
        };
        throw new ArgumentException(FindingText.ExceptionMessage(finding)) { HelpLink = finding.Id.ToHelpLink() };
    }

    private static IReadOnlyList<string> Contradictions<T>(BtfReader? btf, BtfTypeId type)
        where T : unmanaged
    {
        if (btf is null || type.IsVoid || MeasuredStruct<T>.Fields is not { Count: > 0 } fields) return [];
        try
        {
            return LayoutComparison.Contradictions(btf, type, typeof(T).Name, fields);
        }
        catch (BpfFormatException)
        {
            // Types that cannot be read say nothing of a structure.
            return [];
        }
    }

    private static string Sentence(string part) => string.Concat(char.ToUpperInvariant(part[0]).ToString(), part.AsSpan(1), ".");
}
