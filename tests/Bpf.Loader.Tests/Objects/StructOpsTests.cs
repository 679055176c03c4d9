using System;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Objects;
using Xunit;

namespace Bpf.Loader.Tests.Objects;

/// <summary>The structures of callbacks that an object fills in.</summary>
public class StructOpsTests
{
    [Theory]
    [InlineData(".struct_ops", BpfMapFlags.None, true)]
    [InlineData(".struct_ops.link", BpfMapFlags.Link, true)]
    [InlineData("?.struct_ops", BpfMapFlags.None, false)]
    [InlineData("?.struct_ops.link", BpfMapFlags.Link, false)]
    public void A_variable_becomes_a_map(string section, BpfMapFlags flags, bool autoCreate)
    {
        BpfObjectFile read = Ops(section).Read();
        BpfMapDefinition map = read.Maps["ops"];
        Assert.Equal((BpfMapKind.StructOps, BpfMapType.StructOps, 4u, 16u, 1u), (map.Kind, map.Type, map.KeySize, map.ValueSize, map.MaxEntries));
        Assert.Equal((flags, autoCreate, true), (map.Flags, map.AutoCreate, map.AutoAttach));
        Assert.Equal("kernel_ops", map.StructOps!.TypeName);
        Assert.Equal([("callback", true, 0u), ("number", false, 64u)], map.StructOps.Members.Select(member => (member.Name, member.IsCallback, member.BitOffset)));
        Assert.Equal(9, map.InitialValue.Span[8]);
        Assert.Empty(read.Globals);
    }

    [Fact]
    public void Relocations_name_the_programs()
    {
        ObjectBuilder file = Ops(".struct_ops");
        int code = file.AddProgram("struct_ops/callback", "do_it");
        file.Relocate(1, 8, file.AddFunction("do_it", code, 0, 2));
        BpfObjectFile read = file.Read();
        StructOpsMember member = read.Maps["ops"].StructOps!.Members[0];
        Assert.Same(read.Programs["do_it"], member.Program);
        Assert.Same(member.Program, member.DeclaredProgram);
    }

    [Fact]
    public void A_callback_may_be_static()
    {
        ObjectBuilder file = Ops(".struct_ops");
        int code = file.AddCode("struct_ops/callback", new Bpf.Loader.Instructions.BpfInstruction(0x95, 0, 0, 0, 0));
        file.Relocate(1, 8, file.AddFunction("local", code, 0, 1, ElfSymbolBinding.Local));
        BpfObjectFile read = file.Read();
        Assert.Same(read.Programs["local"], read.Maps["ops"].StructOps!.Members[0].Program);
    }

    [Theory]
    [InlineData("member that is a number", BpfDiagnosticId.StructOpsBadMember)]
    [InlineData("between members", BpfDiagnosticId.StructOpsBadMember)]
    [InlineData("outside", BpfDiagnosticId.StructOpsBadMember)]
    [InlineData("another type of program", BpfDiagnosticId.StructOpsBadProgram)]
    [InlineData("no program", BpfDiagnosticId.StructOpsBadProgram)]
    [InlineData("reserved section", BpfDiagnosticId.StructOpsBadProgram)]
    [InlineData("misplaced", BpfDiagnosticId.StructOpsBadProgram)]
    [InlineData("no symbol", BpfDiagnosticId.BadRelocation)]
    public void Wrong_callbacks_are_refused(string what, BpfDiagnosticId id)
    {
        ObjectBuilder file = Ops(".struct_ops");
        int code = file.AddProgram(what == "another type of program" ? "socket" : "struct_ops", "first");
        int symbol = what switch
        {
            "no program" => file.AddVariable("x", 1, 0, 8),
            "reserved section" => file.AddSymbol("x", ElfSymbolBinding.Global, ElfSymbolType.None, 0xfff1),
            "misplaced" => file.AddSymbol("x", ElfSymbolBinding.Global, ElfSymbolType.None, code, 4),
            "no symbol" => 1000,
            _ => file.AddFunction("first", code, 0, 2),
        };
        ulong offset = what switch { "member that is a number" => 16, "between members" => 12, "outside" => 0, _ => 8 };
        file.Relocate(1, offset, symbol);
        BpfFormatException e = file.Refuse();
        Assert.Equal((id, ".struct_ops", (long)offset), (e.Id, e.Section, e.Offset));
    }

    [Theory]
    [InlineData("no description", BpfDiagnosticId.StructOpsWithoutDescription)]
    [InlineData("no BTF", BpfDiagnosticId.BtfNeeded)]
    [InlineData("anonymous", BpfDiagnosticId.StructOpsAnonymous)]
    [InlineData("no struct", BpfDiagnosticId.StructOpsBadVariable)]
    [InlineData("too large", BpfDiagnosticId.StructOpsBadVariable)]
    public void Wrong_structures_are_refused(string what, BpfDiagnosticId id)
    {
        ObjectBuilder file = Ops(".struct_ops", what);
        if (what == "no BTF") file.Btf = null;
        if (what == "no description") file.Btf = new BtfBuilder();
        BpfFormatException e = file.Refuse();
        Assert.Equal((id, ".struct_ops"), (e.Id, e.Section));
    }

    // A structure of a callback and a number, 8 bytes into its section.
    private static ObjectBuilder Ops(string section, string what = "")
    {
        var btf = new BtfBuilder();
        var file = new ObjectBuilder { Btf = btf };
        byte[] data = new byte[24];
        data[16] = 9;
        int index = file.AddData(section, data);
        Assert.Equal(1, index);
        file.AddVariable("ops", index, 8, 16);
        BtfTypeId number = btf.AddInt("u64", 8);
        BtfTypeId callback = btf.AddTypedef("callback_t", btf.AddPointer(btf.AddFunctionPrototype(number)));
        BtfTypeId type = btf.AddStruct(what == "anonymous" ? null : "kernel_ops", what == "too large" ? 17u : 16u);
        btf.AddMember("callback", callback, 0);
        btf.AddMember("number", number, 64);
        BtfTypeId variable = btf.AddVariable("ops", BtfLinkage.Global, what == "no struct" ? number : btf.AddConst(type));
        btf.AddDataSection(section, 0);
        btf.AddSectionVariable(new BtfSectionVariable(variable, 8, 16));
        return file;
    }
}
