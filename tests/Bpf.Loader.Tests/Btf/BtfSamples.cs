using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;

namespace Bpf.Loader.Tests.Btf;

/// <summary>BTF to test with, and a rendering of it to compare by.</summary>
internal static class BtfSamples
{
    private const string KernelPath = "/sys/kernel/btf/vmlinux";

    /// <summary>The running kernel's BTF; null where there is none.</summary>
    public static BtfReader? Kernel { get; } = File.Exists(KernelPath) ? BtfReader.Read(File.ReadAllBytes(KernelPath)) : null;

    /// <summary>The BTF of an object of testdata; null when it has none.</summary>
    public static BtfReader? OfObject(string name)
    {
        ElfFile elf = ElfFile.Read(TestData.Read(name));
        return elf.Sections.TryFind(".BTF"u8, out ElfSection section) ? BtfReader.Read(section.Data) : null;
    }

    /// <summary>Types of every kind, each shape at least once.</summary>
    public static BtfBuilder EveryKind()
    {
        var b = new BtfBuilder();
        BtfTypeId i32 = b.AddInt("int", 4, BtfIntEncoding.Signed);
        BtfTypeId u8 = b.AddInt("unsigned char", 1);
        BtfTypeId u64 = b.AddInt("unsigned long", 8);
        _ = b.AddInt("_Bool", 1, BtfIntEncoding.Bool);
        _ = b.AddFloat("double", 8);
        BtfTypeId pointer = b.AddPointer(new BtfTypeId(b.TypeCount + 1));
        BtfTypeId node = b.AddStruct("node", 32);
        b.AddMember("next", pointer, 0);
        b.AddMember("flags", u64, 64, 3);
        b.AddMember("more", u64, 67, 61);
        b.AddMember("key", new BtfTypeId(b.TypeCount), 128);
        BtfTypeId array = b.AddArray(u8, i32, 16);
        BtfTypeId union = b.AddUnion(null, 8);
        b.AddMember("a", i32, 0);
        b.AddMember("b", u64, 0);
        BtfTypeId color = b.AddEnum("color");
        b.AddEnumerator("RED", 0);
        b.AddEnumerator("GREEN", 7);
        BtfTypeId signed = b.AddEnum(null);
        b.AddEnumerator("NEGATIVE", -1);
        BtfTypeId wide = b.AddEnum64("wide");
        b.AddEnumerator("HUGE", 0x1234567890);
        b.AddEnumerator("NEGATIVE_WIDE", -2);
        _ = b.AddForward("later");
        _ = b.AddForward("later_union", isUnion: true);
        BtfTypeId alias = b.AddTypedef("node_t", node);
        _ = b.AddConst(b.AddVolatile(b.AddRestrict(pointer)));
        BtfTypeId tag = b.AddTypeTag("user", node);
        _ = b.AddTypeTag("address_space(1)", node, isAttribute: true);
        _ = b.AddPointer(tag);
        BtfTypeId proto = b.AddFunctionPrototype(i32);
        b.AddParameter("n", alias);
        b.AddParameter("kind", color);
        b.AddParameter(null, BtfTypeId.Void);
        BtfTypeId function = b.AddFunction("run", BtfLinkage.Global, proto);
        BtfTypeId variable = b.AddVariable("global", BtfLinkage.Global, array);
        _ = b.AddVariable("hidden", BtfLinkage.Static, union);
        _ = b.AddDataSection(".data", 16);
        b.AddSectionVariable(new BtfSectionVariable(variable, 0, 16));
        _ = b.AddDeclarationTag("on function", function);
        _ = b.AddDeclarationTag("on parameter", function, 1, isAttribute: true);
        _ = b.AddDeclarationTag("on member", node, 2);
        _ = signed;
        _ = wide;
        return b;
    }

    /// <summary>Everything that a type says, as a line of text: two BTFs with equal lines are the same in another encoding.</summary>
    public static string Describe(BtfType type)
    {
        var text = new StringBuilder();
        text.Append(type).Append(type.KindFlag ? " flag" : "").Append(" length ").Append(type.VariableLength);
        text.Append(" word ").Append(type.Kind is BtfKind.Array or BtfKind.Forward ? 0 : type.Size);
        if (type.Kind == BtfKind.Int) text.Append(' ').Append(type.IntEncoding).Append(' ').Append(type.IntBitOffset).Append(' ').Append(type.IntBits);
        if (type.Kind == BtfKind.Array) text.Append(' ').Append(type.Array);
        if (type.Kind == BtfKind.Variable) text.Append(' ').Append(type.Linkage);
        if (type.Kind == BtfKind.DeclarationTag) text.Append(' ').Append(type.ComponentIndex);
        foreach (BtfMember m in type.Members) text.Append($" {m.Name}:{m.TypeId}@{m.BitOffset}+{m.BitFieldSize}");
        foreach (BtfEnumerator e in type.Enumerators) text.Append($" {e.Name}={e.Value}");
        foreach (BtfParameter p in type.Parameters) text.Append($" {p.Name}:{p.TypeId}");
        foreach (BtfSectionVariable v in type.Variables) text.Append(' ').Append(v);
        return text.ToString();
    }

    public static IEnumerable<string> Describe(BtfReader btf)
    {
        for (int id = btf.FirstId; id < btf.TypeCount; id++) yield return Describe(btf[new BtfTypeId(id)]);
    }
}
