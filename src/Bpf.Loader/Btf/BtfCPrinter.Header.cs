using System;
using System.IO;

namespace Bpf.Loader.Btf;

public sealed partial class BtfCPrinter
{
    /// <summary>
    /// Prints all types as a header for BPF programs, as <c>vmlinux.h</c>: accesses to its structs are relocated by CO-RE, and the
    /// functions of the kernel that BPF programs may call (kfuncs) are declared as weak. The macros
    /// <c>BPF_NO_PRESERVE_ACCESS_INDEX</c> and <c>BPF_NO_KFUNC_PROTOTYPES</c> turn these off.
    /// </summary>
    /// <param name="writer">Where to print.</param>
    /// <param name="guard">The macro that keeps the header from being included twice.</param>
    /// <exception cref="BpfFormatException">The types have a loop that C cannot express.</exception>
    public void WriteHeader(TextWriter writer, string guard = "__VMLINUX_H__")
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentException.ThrowIfNullOrEmpty(guard);
        writer.Write($"#ifndef {guard}\n#define {guard}\n\n");
        writer.Write("#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n");
        writer.Write("#pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)\n#endif\n\n");
        WriteAll(writer);
        writer.Write("#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n#pragma clang attribute pop\n#endif\n\n");
        WriteKernelFunctions(writer);
        writer.Write($"#endif /* {guard} */\n");
    }

    private void WriteKernelFunctions(TextWriter writer)
    {
        bool isFirst = true;
        for (int i = _btf.FirstId; i < _btf.TypeCount; i++)
        {
            // The kernel's build marks its kfuncs so since Linux 6.10.
            BtfType tag = _btf[new BtfTypeId(i)];
            if (tag.Kind != BtfKind.DeclarationTag || !tag.NameUtf8.SequenceEqual("bpf_kfunc"u8)) continue;
            BtfType function = _btf[tag.TypeId];
            if (function.Kind != BtfKind.Function) continue;
            if (isFirst)
            {
                writer.Write("#ifndef BPF_NO_KFUNC_PROTOTYPES\n");
                writer.Write("#ifndef __ksym\n#define __ksym __attribute__((section(\".ksyms\")))\n#endif\n");
                writer.Write("#ifndef __weak\n#define __weak __attribute__((weak))\n#endif\n\n");
                isFirst = false;
            }

            _text.Write("extern ");
            _text.WriteDeclaration(function.TypeId, function.NameUtf8, 0);
            _text.Print(writer);
            writer.Write(" __weak __ksym;\n");
        }

        if (!isFirst) writer.Write("#endif\n\n");
    }
}
