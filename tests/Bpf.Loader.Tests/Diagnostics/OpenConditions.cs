using System;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Tests.Objects;

namespace Bpf.Loader.Tests.Diagnostics;

/// <summary>
/// The conditions under which libbpf refuses to open an object, stage by stage, with an object that has each. What libbpf tells
/// by one of five error codes has an id of its own here.
/// </summary>
internal static class OpenConditions
{
    private const uint ArenaType = 33, HashType = 1, ArrayOfMapsType = 12, ProgArrayType = 3;

    private static readonly BpfInstruction Exit = new(BpfOpCode.Exit, 0, 0, 0, 0);

    /// <summary>Condition, id, and the object.</summary>
    public static IEnumerable<(string Condition, BpfDiagnosticId Id, Func<byte[]> Image)> All()
    {
        foreach ((string condition, BpfDiagnosticId id, Func<ObjectBuilder, ObjectBuilder?> make) in Sections()) yield return Row("ELF", condition, id, make);
        foreach ((string condition, BpfDiagnosticId id, Func<ObjectBuilder, ObjectBuilder?> make) in Externs()) yield return Row("externs", condition, id, make);
        foreach ((string condition, BpfDiagnosticId id, Func<ObjectBuilder, ObjectBuilder?> make) in Data()) yield return Row("data", condition, id, make);
        foreach ((string condition, BpfDiagnosticId id, Func<ObjectBuilder, ObjectBuilder?> make) in Maps()) yield return Row("maps", condition, id, make);
        foreach ((string condition, BpfDiagnosticId id, Func<ObjectBuilder, ObjectBuilder?> make) in Relocations()) yield return Row("relocations", condition, id, make);
        yield return ("ELF: not ELF", BpfDiagnosticId.NotElf, () => [1, 2, 3, 4, 5]);
        yield return ("file: bitcode", BpfDiagnosticId.Bitcode, () => [(byte)'B', (byte)'C', 0xc0, 0xde, 0x35, 0x14, 0, 0]);
        yield return ("file: source", BpfDiagnosticId.SourceText, () => [.. "// filter\n#include <linux/bpf.h>\n"u8]);
        yield return ("file: pointer of git-lfs", BpfDiagnosticId.GitPointer, () => [.. "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 4\n"u8]);
        yield return ("file: archive", BpfDiagnosticId.Archive, () => [.. "!<arch>\n"u8]);
        yield return ("file: compressed", BpfDiagnosticId.CompressedFile, () => [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
        yield return ("file: web page", BpfDiagnosticId.WebPage, () => [.. "<!DOCTYPE html><html><head><title>Not found"u8]);
        yield return ("file: of Windows", BpfDiagnosticId.ForeignFormat, () => [.. "MZ\0\0\0\0\0\0"u8]);
        yield return ("file: raw BTF", BpfDiagnosticId.RawBtf, () => [0x9f, 0xeb, 1, 0, 24, 0, 0, 0]);
        yield return ("ELF: cut off", BpfDiagnosticId.Truncated, () => TestData.Read("execsnoop.bpf.o")[..4000]);
        yield return ("ELF: 32-bit", BpfDiagnosticId.Not64Bit, () => Changed(4, 1));
        yield return ("ELF: no byte order", BpfDiagnosticId.Malformed, () => Changed(5, 3));
        yield return ("ELF: names of sections", BpfDiagnosticId.BadSection, () => Changed(62, 2));
    }

    private static (string Condition, BpfDiagnosticId Id, Func<byte[]> Image) Row(string stage, string condition, BpfDiagnosticId id, Func<ObjectBuilder, ObjectBuilder?> make) =>
        ($"{stage}: {condition}", id, () =>
        {
            var file = new ObjectBuilder();
            return (make(file) ?? file).Image;
        }
    );

    private static byte[] Changed(int at, byte value)
    {
        byte[] image = (byte[])new ObjectBuilder().Image.Clone();
        image[at] = value;
        return image;
    }

    private static ObjectBuilder? Do(params ReadOnlySpan<int> _) => null;

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, Func<ObjectBuilder, ObjectBuilder?> Make)> Sections()
    {
        yield return ("no object", BpfDiagnosticId.NotBpf, _ => new ObjectBuilder { Type = ElfFileType.Executable });
        yield return ("another machine", BpfDiagnosticId.NotBpf, _ => new ObjectBuilder { Machine = ElfMachine.X64 });
        yield return ("no symbols", BpfDiagnosticId.NoSymbolTable, _ => new ObjectBuilder { HasSymbolTable = false });
        yield return ("two tables of symbols", BpfDiagnosticId.SeveralSymbolTables, file => Do(file.Add(".two", ElfSectionType.SymbolTable, 0, new byte[24], entrySize: 24)));
        yield return ("empty license", BpfDiagnosticId.EmptyLicense, file => Do(file.AddData("license")));
        yield return ("short version", BpfDiagnosticId.BadVersion, file => Do(file.AddData("version", 1, 2)));
        yield return (".BTF of another type", BpfDiagnosticId.BadBtfSection, file => Do(file.Add(".BTF", ElfSectionType.Note, 0, [1])));
        yield return ("relocations of no section", BpfDiagnosticId.BadRelocationTarget, file => Do(file.Add(".relx", ElfSectionType.Relocations, 0, new byte[16], info: 99, entrySize: 16)));
        yield return ("relocations of another size", BpfDiagnosticId.BadRelocation, file => Do(file.Add(".relsocket", ElfSectionType.Relocations, 0, new byte[24], info: (uint)file.AddProgram("socket", "f"), entrySize: 24)));
        yield return ("function across the end", BpfDiagnosticId.FunctionCrossesSection, file => Do(file.AddFunction("f", file.AddCode("socket", Exit), 0, 2)));
        yield return ("empty function", BpfDiagnosticId.BadFunction, file => Do(file.AddFunction("f", file.AddCode("socket", Exit), 0, 0)));
        yield return ("half an instruction", BpfDiagnosticId.BadFunction, file => Do(file.AddSymbol("f", ElfSymbolBinding.Global, ElfSymbolType.Function, file.AddCode("socket", Exit), 0, 4)));
        yield return ("functions overlap", BpfDiagnosticId.FunctionsOverlap, file =>
        {
            int code = file.AddCode("socket", Exit, Exit, Exit);
            return Do(file.AddFunction("f", code, 0, 2), file.AddFunction("g", code, 1, 2));
        }
        );
        yield return ("BTF missing and needed", BpfDiagnosticId.BtfNeeded, file => Do(file.AddData(".maps", 1)));
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, Func<ObjectBuilder, ObjectBuilder?> Make)> Externs()
    {
        yield return ("no BTF", BpfDiagnosticId.ExternWithoutBtf, file => Do(file.AddExtern("x")));
        yield return ("not declared", BpfDiagnosticId.ExternNotDeclared, file => Extern(file, null, _ => default));
        yield return ("not extern", BpfDiagnosticId.ExternNotExtern, file => Extern(file, ".kconfig", btf => btf.AddVariable("x", BtfLinkage.Global, btf.AddInt("int", 4))));
        yield return ("in no section", BpfDiagnosticId.ExternWithoutSection, file => Extern(file, null, btf => btf.AddVariable("x", BtfLinkage.Extern, btf.AddInt("int", 4))));
        yield return ("in another section", BpfDiagnosticId.ExternUnknownSection, file => Extern(file, ".extern", btf => btf.AddVariable("x", BtfLinkage.Extern, btf.AddInt("int", 4))));
        yield return ("function of the configuration", BpfDiagnosticId.ExternConfigFunction, file => Extern(file, ".kconfig", btf => btf.AddFunction("x", BtfLinkage.Extern, btf.AddFunctionPrototype(BtfTypeId.Void))));
        yield return ("no size", BpfDiagnosticId.NoBtfSize, file => Extern(file, ".kconfig", btf => btf.AddVariable("x", BtfLinkage.Extern, btf.AddForward("s"))));
        yield return ("type of the configuration", BpfDiagnosticId.ExternConfigType, file => Extern(file, ".kconfig", btf => btf.AddVariable("x", BtfLinkage.Extern, btf.AddFloat("float", 4))));
        yield return ("without a symbol", BpfDiagnosticId.ExternWithoutSymbol, file =>
        {
            Extern(file, ".kconfig", btf => btf.AddVariable("x", BtfLinkage.Extern, btf.AddInt("int", 4)));
            BtfTypeId other = file.Btf!.AddVariable("y", BtfLinkage.Extern, new BtfTypeId(1));
            file.Btf.AddDataSection(".ksyms", 0);
            file.Btf.AddSectionVariable(new BtfSectionVariable(other, 0, 4));
            return null;
        }
        );
    }

    private static ObjectBuilder? Extern(ObjectBuilder file, string? section, Func<BtfBuilder, BtfTypeId> declare)
    {
        file.Btf = new BtfBuilder();
        BtfTypeId declared = declare(file.Btf);
        file.AddExtern("x");
        if (section is null) return null;
        file.Btf.AddDataSection(section, 0);
        file.Btf.AddSectionVariable(new BtfSectionVariable(declared, 0, 4));
        return null;
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, Func<ObjectBuilder, ObjectBuilder?> Make)> Data()
    {
        yield return ("section not there", BpfDiagnosticId.DataSectionMissing, file => Variable(file, null, btf => btf.AddVariable("x", BtfLinkage.Global, btf.AddInt("int", 4)), false));
        yield return ("variable without a symbol", BpfDiagnosticId.DataSectionWithoutSymbol, file => Variable(file, ".data", btf => btf.AddVariable("x", BtfLinkage.Global, btf.AddInt("int", 4)), false));
        yield return ("no variable", BpfDiagnosticId.DataSectionEntry, file => Variable(file, ".data", btf => btf.AddInt("int", 4), true));
        yield return ("arena missing", BpfDiagnosticId.ArenaMissing, file => Do(file.AddData(".addr_space.1", 1)));
        yield return ("struct_ops not described", BpfDiagnosticId.StructOpsWithoutDescription, file =>
        {
            file.Btf = new BtfBuilder();
            return Do(file.AddData(".struct_ops", 1));
        }
        );
        yield return ("struct_ops is a number", BpfDiagnosticId.StructOpsBadVariable, file => Variable(file, ".struct_ops", btf => btf.AddVariable("x", BtfLinkage.Global, btf.AddInt("int", 4)), true));
        yield return ("struct_ops is anonymous", BpfDiagnosticId.StructOpsAnonymous, file => Variable(file, ".struct_ops", btf => btf.AddVariable("x", BtfLinkage.Global, btf.AddStruct(null, 4)), true));
        yield return ("struct_ops reaches beyond", BpfDiagnosticId.StructOpsBadVariable, file => Variable(file, ".struct_ops", btf => btf.AddVariable("x", BtfLinkage.Global, btf.AddStruct("s", 400)), true));
    }

    private static ObjectBuilder? Variable(ObjectBuilder file, string? section, Func<BtfBuilder, BtfTypeId> declare, bool hasSymbol)
    {
        file.Btf = new BtfBuilder();
        BtfTypeId declared = declare(file.Btf);
        if (section is not null)
        {
            int index = file.AddData(section, new byte[8]);
            if (hasSymbol) file.AddVariable("x", index, 0, 4);
        }

        file.Btf.AddDataSection(section ?? ".data", 0);
        file.Btf.AddSectionVariable(new BtfSectionVariable(declared, 0, 4));
        return null;
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, Func<ObjectBuilder, ObjectBuilder?> Make)> Maps()
    {
        yield return ("not described", BpfDiagnosticId.MapsWithoutDescription, file =>
        {
            file.Btf = new BtfBuilder();
            return Do(file.AddData(".maps", 1));
        }
        );
        yield return ("no name of a field", BpfDiagnosticId.MapBadField, _ => Map(m => m.Fields(("", m.Number(1)))));
        yield return ("not a struct", BpfDiagnosticId.MapNotStruct, _ => Map(m => m, type: 1));
        yield return ("static", BpfDiagnosticId.MapLinkage, _ => Map(m => m.Fields(("type", m.Number(1))), BtfLinkage.Static));
        yield return ("extern", BpfDiagnosticId.MapLinkage, _ => Map(m => m.Fields(("type", m.Number(1))), BtfLinkage.Extern));
        yield return ("larger than its variable", BpfDiagnosticId.MapBadVariable, _ => Map(m => m.Fields(("type", m.Number(1)), ("max_entries", m.Number(1))), size: 8));
        yield return ("number that is none", BpfDiagnosticId.MapBadField, _ => Map(m => m.Fields(("type", m.Int))));
        yield return ("type that is none", BpfDiagnosticId.MapBadField, _ => Map(m => m.Fields(("type", m.Number(1)), ("key", m.Int))));
        yield return ("key without a size", BpfDiagnosticId.MapBadField, _ => Map(m => m.Fields(("type", m.Number(1)), ("key", m.Pointer(m.Btf.AddForward("s"))))));
        yield return ("sizes in conflict", BpfDiagnosticId.MapSizeConflict, _ => Map(m => m.Fields(("type", m.Number(1)), ("key", m.Pointer(m.Int)), ("key_size", m.Number(8)))));
        yield return ("unknown field", BpfDiagnosticId.MapUnknownField, _ => Map(m => m.Fields(("type", m.Number(1)), ("colour", m.Number(1)))));
        yield return ("no type", BpfDiagnosticId.MapWithoutType, _ => Map(m => m.Fields(("max_entries", m.Number(1)))));
        yield return ("unknown pinning", BpfDiagnosticId.MapBadPinning, _ => Map(m => m.Fields(("type", m.Number(1)), ("pinning", m.Number(7)))));
        yield return ("pinned inner map", BpfDiagnosticId.MapBadPinning, _ => Map(m => m.Fields(
            ("type", m.Number(ArrayOfMapsType)), ("values", m.Values(m.Struct(("type", m.Number(2)), ("pinning", m.Number(1))))))));
        yield return ("inner maps of inner maps", BpfDiagnosticId.MapNestedInner, _ => Map(m => m.Fields(
            ("type", m.Number(ArrayOfMapsType)), ("values", m.Values(m.Struct(("type", m.Number(ArrayOfMapsType)), ("values", m.Values(m.Struct(("type", m.Number(2)))))))))));
        yield return ("values of a hash", BpfDiagnosticId.MapBadValues, _ => Map(m => m.Fields(("type", m.Number(HashType)), ("values", m.Values(m.Struct(("type", m.Number(2))))))));
        yield return ("values not last", BpfDiagnosticId.MapBadValues, _ => Map(m => m.Fields(
            ("type", m.Number(ArrayOfMapsType)), ("values", m.Values(m.Struct(("type", m.Number(2))))), ("max_entries", m.Number(1)))));
        yield return ("values with a length", BpfDiagnosticId.MapBadValues, _ => Map(m => m.Fields(("type", m.Number(ArrayOfMapsType)), ("values", m.Values(m.Struct(("type", m.Number(2))), 3)))));
        yield return ("programs that are numbers", BpfDiagnosticId.MapBadValues, _ => Map(m => m.Fields(("type", m.Number(ProgArrayType)), ("values", m.Values(m.Int)))));
        yield return ("value of another size", BpfDiagnosticId.MapSizeConflict, _ => Map(m => m.Fields(
            ("type", m.Number(ArrayOfMapsType)), ("value_size", m.Number(8)), ("values", m.Values(m.Struct(("type", m.Number(2))))))));
        yield return ("arena too small", BpfDiagnosticId.ArenaTooSmall, _ =>
        {
            ObjectBuilder file = Map(m => m.Fields(("type", m.Number(ArenaType)), ("max_entries", m.Number(1))));
            file.AddData(".addr_space.1", new byte[Environment.SystemPageSize + 1]);
            return file;
        }
        );
    }

    private static ObjectBuilder Map(Func<MapSource, MapSource> define, BtfLinkage linkage = BtfLinkage.Global, uint? size = null, int? type = null) =>
        define(new MapSource()).Build(linkage, size, type: type is int id ? new BtfTypeId(id) : null);

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, Func<ObjectBuilder, ObjectBuilder?> Make)> Relocations()
    {
        BpfInstruction call = new(BpfOpCode.Call, 0, BpfPseudo.Call, 0, -1), helper = new(BpfOpCode.Call, 0, 0, 0, 1);
        BpfInstruction load = new(BpfOpCode.LoadImmediate64, 1, 0, 0, 0), zero = new(0, 0, 0, 0, 0);
        yield return ("inside of an instruction", BpfDiagnosticId.RelocationOutOfRange, file => Code(file, [call, Exit], 4, (builder, _) => builder.AddFunction("g", builder.AddCode(".text", Exit), 0, 1)));
        yield return ("no such symbol", BpfDiagnosticId.BadRelocation, file => Code(file, [call, Exit], 0, (_, _) => 999));
        yield return ("another instruction", BpfDiagnosticId.RelocationInstruction, file => Code(file, [Exit, Exit], 0, (builder, _) => builder.AddFunction("g", builder.AddCode(".text", Exit), 0, 1)));
        yield return ("call of a helper", BpfDiagnosticId.RelocationCall, file => Code(file, [helper, Exit], 0, (builder, _) => builder.AddFunction("g", builder.AddCode(".text", Exit), 0, 1)));
        yield return ("call of data", BpfDiagnosticId.CallTarget, file => Code(file, [call, Exit], 0, (builder, _) => builder.AddVariable("x", builder.AddData(".data", 1, 2, 3, 4), 0, 4)));
        yield return ("half a load", BpfDiagnosticId.InstructionCut, file => Code(file, [load], 0, (builder, _) => builder.AddVariable("x", builder.AddData(".data", 1, 2, 3, 4), 0, 4)));
        yield return ("undefined symbol", BpfDiagnosticId.UndefinedSymbol, file => Code(file, [load, zero, Exit], 0, (builder, _) => builder.AddSymbol("x", ElfSymbolBinding.Global, ElfSymbolType.Object, 0)));
        yield return ("symbol that is nothing", BpfDiagnosticId.BadReference, file => Code(file, [load, zero, Exit], 0, (builder, _) => builder.AddVariable("x", builder.AddData("other", 1, 2, 3, 4), 0, 4)));
        yield return ("slot of no map", BpfDiagnosticId.SlotOutOfRange, _ =>
        {
            var source = new MapSource();
            source.Fields(("type", source.Number(HashType)), ("max_entries", source.Number(1)));
            ObjectBuilder file = source.Build();
            file.Relocate(source.Section, 8, source.Symbol);
            return file;
        }
        );
        yield return ("slot of another kind", BpfDiagnosticId.SlotTarget, _ =>
        {
            var source = new MapSource();
            BtfTypeId inner = source.Struct(("type", source.Number(2)));
            source.Fields(("type", source.Number(ArrayOfMapsType)), ("values", source.Values(inner)));
            ObjectBuilder file = source.Build(slots: 1);
            file.Relocate(source.Section, 8, file.AddFunction("f", file.AddProgram("socket", "f"), 0, 2));
            return file;
        }
        );
        yield return ("struct_ops member that is a number", BpfDiagnosticId.StructOpsBadMember, file =>
        {
            Variable(file, ".struct_ops", btf =>
            {
                BtfTypeId number = btf.AddInt("u64", 8), type = btf.AddStruct("ops", 8);
                btf.AddMember("number", number, 0);
                return btf.AddVariable("x", BtfLinkage.Global, type);
            }, true);
            file.Relocate(1, 0, file.AddFunction("f", file.AddProgram("struct_ops/f", "f"), 0, 2));
            return null;
        }
        );
        yield return ("struct_ops member without a program", BpfDiagnosticId.StructOpsBadProgram, file =>
        {
            Variable(file, ".struct_ops", btf =>
            {
                BtfTypeId callback = btf.AddPointer(btf.AddFunctionPrototype(BtfTypeId.Void)), type = btf.AddStruct("ops", 8);
                btf.AddMember("call", callback, 0);
                return btf.AddVariable("x", BtfLinkage.Global, type);
            }, true);
            file.Relocate(1, 0, file.AddFunction("f", file.AddProgram("socket", "f"), 0, 2));
            return null;
        }
        );
    }

    private static ObjectBuilder? Code(ObjectBuilder file, BpfInstruction[] code, ulong offset, Func<ObjectBuilder, int, int> symbol)
    {
        int section = file.AddCode("socket", code);
        file.AddFunction("program", section, 0, code.Length);
        file.Relocate(section, offset, symbol(file, section));
        return null;
    }
}
