using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.Kernel;
using Bpf.Loader.KernelTests.Links;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;
using Bpf.Loader.Tests.Objects;

namespace Bpf.Loader.KernelTests.Diagnostics;

/// <summary>
/// The conditions under which a load fails in the kernel or right before it, each with what provokes it, its id, and what the message
/// says: the thing that it is about, and what is wrong with it or what to do.
/// </summary>
internal static class LoadConditions
{
    private static readonly KernelVersion Arenas = new(6, 9, 0);

    /// <summary>All conditions; those that this kernel has nothing for are missing.</summary>
    public static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Action Provoke)> All()
    {
        foreach (var row in Programs().Concat(Maps()).Concat(Contents()).Concat(Pins())) yield return row;
        if (Requires.Has("bpf_task_from_pid"))
            yield return ("externs: function of another type", BpfDiagnosticId.IncompatibleExtern, "extern '", "correct the declaration", () => Load("bad_kfunc"));
        if (KernelVersion.Current.CompareTo(Arenas) >= 0) yield return ("maps: arena whose address is taken", BpfDiagnosticId.MapContentsRefused, "arena 'arena'", "must be free", Arena);
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Action Provoke)> Programs()
    {
        yield return ("programs: the verifier refuses", BpfDiagnosticId.PointerMayBeNull, "'unchecked'", "return *value;", () => Load("bad_null"));
        yield return ("programs: unknown helper", BpfDiagnosticId.MissingHelper, "unknown_helper", "9999", () => Load("bad_helper"));
        yield return ("programs: license", BpfDiagnosticId.HelperNeedsGpl, "only_for_gpl", "GPL", () => Load("bad_license"));
        yield return ("programs: CO-RE finds nothing", BpfDiagnosticId.CoReTargetMissing, "struct task_struct has no bpf_loader_missing_member", "Ask before the access", () => Load("bad_core"));
        yield return ("programs: map not created", BpfDiagnosticId.MapNotCreated, "'events'", "AutoCreate", () => Load("execsnoop", file => file.Maps["events"].AutoCreate = false));
        yield return ("programs: no type", BpfDiagnosticId.NoProgramType, "program '", "set the type before the load", () => Load("bad_section"));
        yield return ("programs: the other byte order", BpfDiagnosticId.ForeignByteOrder, "big-endian", "-target bpfel", () => Load("be/execsnoop"));
        yield return ("targets: not in the kernel", BpfDiagnosticId.NoAttachTarget, "program '", "no function", () => Load("bad_target"));
        yield return ("targets: not said", BpfDiagnosticId.NoAttachTarget, "program 'entry'", "write 'fentry/NAME' or set AttachTarget", () => Load(Object("fentry")));
        yield return ("targets: module that is not loaded", BpfDiagnosticId.NoAttachTarget, "module 'no_such_module'", "is not loaded", () => Load(Object("fentry/no_such_module:function")));
        yield return ("targets: program not given", BpfDiagnosticId.NoAttachTarget, "program 'entry'", "BpfLoadOptions.AttachPrograms", () => Load(Object("freplace/function")));
        yield return ("targets: program without BTF", BpfDiagnosticId.NoAttachTarget, "program 'entry'", "without BTF", () => Replace(Object("socket").Read(), "function"));
        yield return ("targets: program without the function", BpfDiagnosticId.NoAttachTarget, "program 'entry'", "no function 'function'", () => Replace(TestObjects.Open("hook_freplace_target"), "function"));
        yield return ("targets: no struct_ops map", BpfDiagnosticId.NoAttachTarget, "program 'entry'", "no struct_ops map", () => Load(Object("struct_ops/entry")));
        yield return ("struct_ops: not in the kernel", BpfDiagnosticId.StructOpsMismatch, "'nonsense_ops'", "this kernel has no struct_ops", () => Load(StructOps("nonsense_ops")));
        yield return ("struct_ops: member not in the kernel", BpfDiagnosticId.StructOpsMismatch, "'nonsense'", "which this kernel does not have", () => Load(StructOps("tcp_congestion_ops", "nonsense")));
        yield return ("struct_ops: member of another type", BpfDiagnosticId.StructOpsMismatch, "'name'", "the kernel's is", () => Load(StructOps("tcp_congestion_ops", "name")));
        yield return ("externs: symbol missing", BpfDiagnosticId.MissingExtern, "kernel symbol", "__weak", () => Load("bad_ksym"));
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Action Provoke)> Maps()
    {
        yield return ("maps: no entries", BpfDiagnosticId.MapRefused, "map 'map'", "max_entries", () => Load(Map(BpfMapType.Hash, 4, 4, 0)));
        yield return ("maps: key too large", BpfDiagnosticId.MapRefused, "map 'map'", "1048576", () => Load(Map(BpfMapType.Hash, 1 << 20, 1 << 30, 1)));
        yield return ("maps: array with other keys", BpfDiagnosticId.MapRefused, "map 'map'", "key 8", () => Load(Map(BpfMapType.Array, 8, 4, 1)));
        yield return ("maps: type that there is not", BpfDiagnosticId.MapRefused, "map 'map'", "newer than the kernel", () => Load(Map((BpfMapType)4000, 4, 4, 1)));
        yield return ("maps: no inner map", BpfDiagnosticId.MapRefused, "map 'map'", "__array(values", () => Load(Map(BpfMapType.ArrayOfMaps, 4, 4, 1)));
        yield return ("maps: given map differs", BpfDiagnosticId.MapMismatch, "map 'map'", "value size (wanted 4, found 8)", () =>
        {
            using BpfMap other = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "other", KeySize = 4, ValueSize = 8, MaxEntries = 1 });
            Map(BpfMapType.Array, 4, 4, 1).Read().Load(new BpfLoadOptions { ReuseMaps = new Dictionary<string, BpfMap> { ["map"] = other } }).Dispose();
        }
        );
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Action Provoke)> Contents()
    {
        yield return ("contents: program of another type", BpfDiagnosticId.MapContentsRefused, "map 'table'", "program '", () => Load("maps_prog_array", file =>
            file.Maps["table"].InitialSlots.First(slot => slot.Program is not null).Program!.Type = BpfProgramType.SocketFilter));
        yield return ("contents: inner map of another size", BpfDiagnosticId.MapContentsRefused, "map '", "at index", () => Load("maps_inner", file =>
            file.Maps.SelectMany(map => map.InitialSlots).First(slot => slot.Map is not null).Map!.ValueSize = 64));
    }

    private static IEnumerable<(string Condition, BpfDiagnosticId Id, string Name, string Says, Action Provoke)> Pins()
    {
        yield return ("pins: not on a bpf file system", BpfDiagnosticId.PinRefused, "map 'map'", "mount -t bpf", () => Pin(Path.Combine(Path.GetTempPath(), "map")));
        yield return ("pins: no such directory", BpfDiagnosticId.PinRefused, "'/proc/nowhere/map'", "'/proc' is not on a bpf file system", () => Pin("/proc/nowhere/map"));
        yield return ("pins: a dot in the path", BpfDiagnosticId.BadPinPath, "map 'map'", "write 'map_d', for example", () => OnBpfFileSystem(path => Pin(path + ".d")));
        yield return ("pins: a name that leads elsewhere", BpfDiagnosticId.BadPinName, "map 'up/../map'", "Rename the map", () => Load(PinnedGlobally("up/../map")));
        yield return ("pins: another map is there", BpfDiagnosticId.MapMismatch, "map 'map'", "key size (wanted 4, found 8)", () => OnBpfFileSystem(path =>
        {
            using BpfMap other = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Hash, Name = "other", KeySize = 8, ValueSize = 4, MaxEntries = 1 });
            other.Pin(path);
            Pin(path);
        }
        ));
        yield return ("pins: a program is there", BpfDiagnosticId.PinnedOtherKind, "map 'map'", "no map, but a program", () => OnBpfFileSystem(path =>
        {
            using BpfObject loaded = Object("socket").Read().Load();
            loaded.Programs["entry"].Pin(path);
            Pin(path);
        }
        ));
        yield return ("token: not of a bpf file system", BpfDiagnosticId.NoToken, $"'{Path.GetTempPath()}'", "of type bpf", () => Object("socket").Read().Load(new BpfLoadOptions { TokenPath = Path.GetTempPath() }).Dispose());
        yield return ("token: no such directory", BpfDiagnosticId.NoToken, "'/nowhere'", "mount point", () => Object("socket").Read().Load(new BpfLoadOptions { TokenPath = "/nowhere" }).Dispose());
    }

    private static void Load(string name, Action<BpfObjectFile>? change = null)
    {
        BpfObjectFile file = TestObjects.Open(name);
        foreach (BpfProgramDefinition program in file.Programs) program.AutoLoad = true;
        change?.Invoke(file);
        file.Load().Dispose();
    }

    private static void Load(ObjectBuilder source) => source.Read().Load().Dispose();

    private static void Pin(string path)
    {
        BpfObjectFile file = Map(BpfMapType.Hash, 4, 4, 1).Read();
        file.Maps["map"].PinPath = path;
        file.Load().Dispose();
    }

    private static void OnBpfFileSystem(Action<string> use)
    {
        using var files = new TestFileSystem();
        string path = files["map"];
        try
        {
            use(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Arena()
    {
        using BpfObject first = TestObjects.Load("maps_arena");
        Load("maps_arena");
    }

    private static void Replace(BpfObjectFile target, string function)
    {
        using BpfObject loaded = target.Load();
        Object("freplace/" + function).Read().Load(
            new BpfLoadOptions { AttachPrograms = new Dictionary<string, BpfProgram> { ["entry"] = loaded.Programs[0] } }).Dispose();
    }

    /// <summary>An object with one program, <c>entry</c>, that returns 0.</summary>
    private static ObjectBuilder Object(string section)
    {
        var file = new ObjectBuilder();
        file.AddProgram(section, "entry");
        file.AddData("license", [.. "GPL\0"u8]);
        return file;
    }

    private static ObjectBuilder Map(BpfMapType type, uint keySize, uint valueSize, uint entries, string name = "map")
    {
        ObjectBuilder file = Object("socket");
        uint[] definition = [(uint)type, keySize, valueSize, entries, 0];
        file.AddVariable(name, file.AddData("maps", [.. definition.SelectMany(BitConverter.GetBytes)]), 0, 20);
        return file;
    }

    // struct bpf_elf_map of iproute2, with PIN_GLOBAL_NS.
    private static ObjectBuilder PinnedGlobally(string name)
    {
        ObjectBuilder file = Object("socket");
        uint[] definition = [(uint)BpfMapType.Array, 4, 4, 1, 0, 0, 2, 0, 0];
        file.AddVariable(name, file.AddData("maps", [.. definition.SelectMany(BitConverter.GetBytes)]), 0, 36);
        return file;
    }

    private static ObjectBuilder StructOps(string type, string member = "f")
    {
        ObjectBuilder file = Object("socket");
        file.Btf = new BtfBuilder();
        BtfTypeId number = file.Btf.AddInt("int", 4, BtfIntEncoding.Signed), structure = file.Btf.AddStruct(type, 4);
        file.Btf.AddMember(member, number, 0);
        BtfTypeId variable = file.Btf.AddVariable("ops", BtfLinkage.Global, structure);
        file.Btf.AddDataSection(".struct_ops", 4);
        file.Btf.AddSectionVariable(new BtfSectionVariable(variable, 0, 4));
        file.AddVariable("ops", file.AddData(".struct_ops", 1, 0, 0, 0), 0, 4);
        return file;
    }
}
