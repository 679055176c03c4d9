using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Headers;

/// <summary>A kernel's types as a header.</summary>
internal static class VmlinuxHeader
{
    private const string Guard = "__VMLINUX_H__";

    private static readonly string[] StructWords = ["struct ", "union "];

    /// <summary>Writes all types of a kernel, or those that sources use.</summary>
    /// <param name="btf">The types.</param>
    /// <param name="words">The names that the sources use; null for all types.</param>
    public static string Write(BtfReader btf, IReadOnlySet<string>? words)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var printer = new BtfCPrinter(btf);
        if (words is null)
        {
            printer.WriteHeader(writer, Guard);
            return writer.ToString();
        }

        NeededTypes needed = NeededTypes.Find(btf, words);
        writer.Write($"#ifndef {Guard}\n#define {Guard}\n\n");
        using var types = new StringWriter { NewLine = "\n" };
        foreach (BtfTypeId id in needed.Types.OrderBy(id => btf[id].IsEnum && btf[id].NameUtf8.IsEmpty)) printer.Write(types, id);
        foreach (BtfType function in needed.Functions) printer.Write(types, function.TypeId);
        // clang warns of an attribute for structs where there are none.
        bool hasStructs = types.ToString().Split('\n').Any(line => line.EndsWith('{') && StructWords.Any(word => line.Contains(word, StringComparison.Ordinal)));
        if (hasStructs) writer.Write("#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)\n#endif\n\n");
        writer.Write(types.ToString());
        if (hasStructs) writer.Write("#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n#pragma clang attribute pop\n#endif\n\n");
        if (needed.Functions.Count > 0)
        {
            writer.Write("#ifndef BPF_NO_KFUNC_PROTOTYPES\n#ifndef __ksym\n#define __ksym __attribute__((section(\".ksyms\")))\n#endif\n");
            writer.Write("#ifndef __weak\n#define __weak __attribute__((weak))\n#endif\n\n");
            foreach (BtfType function in needed.Functions)
                writer.Write($"extern {BtfCPrinter.Declaration(btf, function.TypeId, function.Name)} __weak __ksym;\n");
            writer.Write("#endif\n\n");
        }

        writer.Write($"#endif /* {Guard} */\n");
        return writer.ToString();
    }
}
