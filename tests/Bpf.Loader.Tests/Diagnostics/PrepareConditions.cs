using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;
using Bpf.Loader.Tests.Objects;
using Bpf.Loader.Tests.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Diagnostics;

/// <summary>
/// The conditions under which libbpf gives up after an object is open and before the kernel is asked for anything: CO-RE, calls, and
/// what the object wants of the kernel. Each with what provokes it, the id, and what the message says.
/// </summary>
internal static class PrepareConditions
{
    private const byte MoveImmediate = BpfOpCode.Alu64 | 0xb0, LoadWord = BpfOpCode.LoadRegister | BpfOpCode.MemoryMode;

    private static readonly BpfInstruction Exit = new(BpfOpCode.Exit, 0, 0, 0, 0);

    /// <summary>Condition, id, the name of what is concerned, what the message says of it or what to do, and the refusal.</summary>
    public static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Func<BpfLoaderException> Provoke)> All() =>
        [.. Paths(), .. Instructions(), .. Calls(), .. Externs()];

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Func<BpfLoaderException> Provoke)> Paths()
    {
        yield return ("CO-RE: path that is no path", BpfDiagnosticId.BadCoRePath, "struct s", "path", () => Ask(types => (Local(types), CoReKind.FieldByteOffset, "0:x")));
        yield return ("CO-RE: member that is not there", BpfDiagnosticId.BadCoRePath, "struct s", "member", () => Ask(types => (Local(types), CoReKind.FieldByteOffset, "0:7")));
        yield return ("CO-RE: path too long", BpfDiagnosticId.CoReTooDeep, "struct s", "64", () => Ask(types => (Local(types), CoReKind.FieldByteOffset, string.Join(':', Enumerable.Repeat("0", 65)))));
        yield return ("CO-RE: unknown kind", BpfDiagnosticId.UnknownCoReKind, "struct s", "13", () => Ask(types => (Local(types), (CoReKind)13, "0")));
        yield return ("CO-RE: type without a name", BpfDiagnosticId.AnonymousCoReType, "struct", "has no name", () => Ask(types =>
            (CoReTypes.Struct(types.Local, null, ("f", types.LocalU32)), CoReKind.FieldByteOffset, "0:0")));
        yield return ("CO-RE: candidates disagree", BpfDiagnosticId.AmbiguousCoRe, "struct s", "offset", () => Ask(types =>
        {
            CoReTypes.Struct(types.Target, "s", ("f", types.TargetU32), ("g", types.TargetU32));
            CoReTypes.Struct(types.Target, "s", ("g", types.TargetU32), ("f", types.TargetU32));
            return (Local(types), CoReKind.FieldByteOffset, "0:1");
        }
        ));
        yield return ("CO-RE: member without a size", BpfDiagnosticId.NoCoReValue, "struct s", "size", () => Ask(types =>
        {
            BtfTypeId hidden = types.Local.AddForward("hidden"), local = types.Local.AddStruct("s", 4);
            types.Local.AddMember("f", hidden, 0);
            hidden = types.Target.AddForward("hidden");
            types.Target.AddStruct("s", 4);
            types.Target.AddMember("f", hidden, 0);
            return (local, CoReKind.FieldByteSize, "0:0");
        }
        ));
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Func<BpfLoaderException> Provoke)> Instructions()
    {
        yield return ("CO-RE: no instruction", BpfDiagnosticId.BadCoReRecord, "struct s.f", "outside of its function", () => Patch([Exit], 7, 4));
        yield return ("CO-RE: half a load", BpfDiagnosticId.BadCoReRecord, "struct s.f", "cut off", () => Patch([new(BpfOpCode.LoadImmediate64, 1, 0, 0, 4)], 0, 4));
        yield return ("CO-RE: an instruction that cannot be changed", BpfDiagnosticId.BadCoReInstruction, "struct s.f", "form", () => Patch([Exit], 0, 4));
        yield return ("CO-RE: another value", BpfDiagnosticId.CoReInstructionDiffers, "struct s.f", "compile", () => Patch([new(MoveImmediate, 1, 0, 0, 77)], 0, 4));
        yield return ("CO-RE: offset too large", BpfDiagnosticId.CoReValueTooLarge, "struct s.f", "32767", () => Patch([new(LoadWord, 1, 2, 4, 0)], 0, 40000));
        yield return ("CO-RE: load of another width", BpfDiagnosticId.BadCoReWidth, "struct s.f", "2 bytes", () => Patch([new(LoadWord | BpfOpCode.HalfWord, 1, 2, 4, 0)], 0, 8, wide: true));
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Func<BpfLoaderException> Provoke)> Calls()
    {
        BpfInstruction call = new(BpfOpCode.Call, 0, BpfPseudo.Call, 0, 100), address = new(BpfOpCode.LoadImmediate64, 1, BpfPseudo.Function, 0, 0);
        yield return ("calls: of no function", BpfDiagnosticId.BadCall, "'entry'", "where no function is", () => Link(Entry(call, Exit)));
        yield return ("calls: address of nothing", BpfDiagnosticId.BadCall, "'entry'", "no relocation says which", () => Link(Entry(address, default, Exit)));
        yield return ("calls: exception callback missing", BpfDiagnosticId.BadExceptionCallback, "'entry'", "'handler', which is not in the object", () => Link(Callback("handler")));
        yield return ("calls: exception callback without a name", BpfDiagnosticId.BadExceptionCallback, "'entry'", "no name", () => Link(Callback("")));
        yield return ("calls: exception callback that is static", BpfDiagnosticId.BadExceptionCallback, "'entry'", "must be global", () => Link(Callback("handler", ElfSymbolBinding.Local)));
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Func<BpfLoaderException> Provoke)> Externs()
    {
        yield return ("externs: function missing", BpfDiagnosticId.MissingExtern, "bpf_missing", "__weak", () => Link(Symbol("bpf_missing", isFunction: true)));
        yield return ("externs: variable missing", BpfDiagnosticId.MissingExtern, "missing", "__weak", () => Link(Symbol("missing", isFunction: false)));
        yield return ("externs: function of another type", BpfDiagnosticId.IncompatibleExtern, "'bpf_known'", "correct the declaration", () => Link(Symbol("bpf_known", isFunction: true)));
        yield return ("externs: variable of another type", BpfDiagnosticId.IncompatibleExtern, "'known'", "correct the declaration", () => Link(Symbol("known", isFunction: false)));
        yield return ("externs: symbol that is there twice", BpfDiagnosticId.AmbiguousSymbol, "'twice'", "give the extern a type", () => Link(Address("twice")));
        yield return ("externs: address missing", BpfDiagnosticId.MissingExtern, "nowhere", "__weak", () => Link(Address("nowhere")));
        yield return ("externs: addresses unreadable", BpfDiagnosticId.NoKernelSymbols, "/proc/kallsyms", "CONFIG_KALLSYMS", () => Link(Address("unreadable")));
        yield return ("configuration: option missing", BpfDiagnosticId.MissingExtern, "CONFIG_NONE", "__weak", () => Link(Config("CONFIG_NONE")));
        yield return ("configuration: value of another type", BpfDiagnosticId.BadKernelConfigValue, "CONFIG_TEXT=", "extern", () => Link(Config("CONFIG_TEXT")));
        yield return ("configuration: number too large", BpfDiagnosticId.BadKernelConfigValue, "CONFIG_LARGE=", "extern", () => Link(Config("CONFIG_LARGE")));
        yield return ("configuration: unknown name", BpfDiagnosticId.BadKernelConfigValue, "'OTHER'", "LINUX_KERNEL_VERSION", () => Link(Config("OTHER")));
    }

    // struct s { u32 x, f; }
    private static BtfTypeId Local(CoReTypes types) => CoReTypes.Struct(types.Local, "s", ("x", types.LocalU32), ("f", types.LocalU32));

    private static CoReException Ask(Func<CoReTypes, (BtfTypeId Root, CoReKind Kind, string Access)> question) => Assert.Throws<CoReException>(() =>
    {
        var types = new CoReTypes();
        (BtfTypeId root, CoReKind kind, string access) = question(types);
        types.Ask(root, kind, access);
    });

    // Relocates the offset of s.f, 4 in the object, to another of the target.
    private static CoReException Patch(BpfInstruction[] code, int index, uint offset, bool wide = false)
    {
        var types = new CoReTypes();
        BtfTypeId local = Local(types);
        types.Target.AddStruct("s", offset + 8);
        types.Target.AddMember("f", wide ? types.TargetU64 : types.TargetU32, offset * 8);
        CoReResult result = types.Ask(local, CoReKind.FieldByteOffset, "0:1");
        return Assert.Throws<CoReException>(() => CoRePatcher.Apply(code, index, result));
    }

    private static ObjectBuilder Entry(params BpfInstruction[] code)
    {
        var file = new ObjectBuilder();
        file.AddFunction("entry", file.AddCode("socket", code), 0, code.Length);
        return file;
    }

    private static ObjectBuilder Callback(string name, ElfSymbolBinding? callback = null)
    {
        ObjectBuilder file = Entry(new(MoveImmediate, 0, 0, 0, 0), Exit);
        if (callback is { } binding) file.AddFunction(name, file.AddCode(".text", new(MoveImmediate, 0, 0, 0, 0), Exit), 0, 2, binding);
        file.Btf = new BtfBuilder();
        BtfTypeId number = file.Btf.AddInt("int", 4, BtfIntEncoding.Signed);
        BtfTypeId function = file.Btf.AddFunction("entry", BtfLinkage.Global, file.Btf.AddFunctionPrototype(number));
        file.Btf.AddDeclarationTag("exception_callback:" + name, function, -1);
        return file;
    }

    private static ObjectBuilder Symbol(string name, bool isFunction)
    {
        var btf = new BtfBuilder();
        BtfTypeId number = btf.AddInt("int", 4, BtfIntEncoding.Signed);
        BtfTypeId declared = isFunction
            ? btf.AddFunction(name, BtfLinkage.Extern, btf.AddFunctionPrototype(number))
            : btf.AddVariable(name, BtfLinkage.Extern, btf.AddInt("long", 8));
        return Extern(btf, ".ksyms", name, declared, isFunction ? 0u : 8u, isFunction);
    }

    private static ObjectBuilder Address(string name)
    {
        var btf = new BtfBuilder();
        return Extern(btf, ".ksyms", name, btf.AddVariable(name, BtfLinkage.Extern, btf.AddConst(BtfTypeId.Void)), 0, isFunction: false);
    }

    private static ObjectBuilder Config(string name)
    {
        var btf = new BtfBuilder();
        return Extern(btf, ".kconfig", name, btf.AddVariable(name, BtfLinkage.Extern, btf.AddInt("unsigned char", 1)), 1, isFunction: false);
    }

    private static ObjectBuilder Extern(BtfBuilder btf, string section, string name, BtfTypeId declared, uint size, bool isFunction)
    {
        btf.AddDataSection(section, 0);
        btf.AddSectionVariable(new BtfSectionVariable(declared, 0, size));
        BpfInstruction[] code = isFunction
            ? [new(BpfOpCode.Call, 0, BpfPseudo.Call, 0, -1), Exit]
            : [new(BpfOpCode.LoadImmediate64, 1, 0, 0, 0), default, Exit];
        var file = new ObjectBuilder { Btf = btf };
        int program = file.AddCode("socket", code);
        file.AddFunction("entry", program, 0, code.Length);
        file.Relocate(program, 0, file.AddExtern(name), isFunction ? 10u : 1u);
        return file;
    }

    private static BpfLoaderException Link(ObjectBuilder source)
    {
        BpfObjectFile file = source.Read();
        var facts = new Facts();
        return Assert.ThrowsAny<BpfLoaderException>(() => new ObjectRelocator(file, facts, facts).Link(file.Programs["entry"]));
    }

    /// <summary>A kernel with a function and a variable that are not as the objects declare them.</summary>
    private sealed class Facts : IKernelFacts
    {
        public string? Name => null;

        public BtfReader Kernel { get; } = Types();

        public IReadOnlyList<BtfReader> Modules => [];

        public uint Version => 0x061200;

        public bool HasCookie => true;

        public bool HasSyscallWrapper => true;

        public bool TryGetConfig(string name, out string value)
        {
            value = name switch
            {
                "CONFIG_TEXT" => "\"text\"",
                "CONFIG_LARGE" => "70000",
                _ => "",
            };
            return value.Length > 0;
        }

        public IReadOnlyDictionary<string, KernelSymbolAddress> FindSymbols(IReadOnlyCollection<string> names)
        {
            if (names.Contains("unreadable"))
                throw new BpfException("open", Errno.ENOENT, "/proc/kallsyms", "Needs CONFIG_KALLSYMS.", BpfDiagnosticId.NoKernelSymbols);
            return new Dictionary<string, KernelSymbolAddress> { ["twice"] = new KernelSymbolAddress(1, true) };
        }

        private static BtfReader Types()
        {
            var types = new BtfBuilder();
            BtfTypeId wide = types.AddStruct("theirs", 16);
            types.AddFunction("bpf_known", BtfLinkage.Static, types.AddFunctionPrototype(types.AddPointer(wide)));
            types.AddVariable("known", BtfLinkage.Global, wide);
            return types.ToReader();
        }
    }
}
