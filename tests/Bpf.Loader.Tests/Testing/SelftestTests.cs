using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;
using Bpf.Loader.Testing;
using Xunit;

namespace Bpf.Loader.Tests.Testing;

/// <summary>
/// The kernel's own selftests say in declaration tags what their programs return. <c>build/selftests.sh</c> compiles them; where it has,
/// each of those programs runs in the machine.
/// </summary>
public sealed class SelftestTests(ITestOutputHelper output)
{
    private const string Tag = "comment:test_retval=", Success = "comment:test_expect_success", Types = "comment:test_btf_path=";
    private const int DataLength = 64;

    private static readonly string Folder = Path.Combine(TestData.Repository, ".cache/selftests");

    // The maps that their runner fills before it runs programs (init_test_val_map of prog_tests/verifier.c).
    private static readonly Dictionary<string, string> FilledMaps = new() { ["verifier_array_access.o"] = "map_array_ro", ["verifier_value_ptr_arith.o"] = "map_array_48b" };

    [Fact]
    public void Programs_return_what_they_say()
    {
        string types = Path.Combine(Folder, "btf/6.12.btf");
        Assert.SkipUnless(Directory.Exists(Path.Combine(Folder, "objects")) && File.Exists(types), "the selftests are not compiled: build/selftests.sh does it");
        KernelTypes kernel = KernelTypes.Open(types);
        int right = 0;
        List<string> wrong = [];
        SortedDictionary<string, string> unsupported = [];
        foreach (string path in Directory.GetFiles(Path.Combine(Folder, "objects"), "*.o").Order(StringComparer.Ordinal))
        {
            if (TryOpen(path) is not { Btf: { } btf } file) continue;
            foreach (Expectation expected in Expectations(btf))
            {
                if (!file.Programs.TryGet(expected.Program, out _)) continue;
                string place = $"{Path.GetFileName(path)}:{expected.Program}";
                string? reason = Run(expected.TypesFile is { } own ? KernelTypes.Open(Path.Combine(Folder, "objects", own)) : kernel, file, expected, place, wrong);
                if (reason is null) right++;
                else if (reason.Length > 0) unsupported.Add(place, reason);
            }
        }

        output.WriteLine($"{right + wrong.Count} run, {right} right, {wrong.Count} wrong, {unsupported.Count} not supported{(unsupported.Count > 0 ? ":" : "")}");
        foreach ((string place, string reason) in unsupported) output.WriteLine($"  {place}: {reason}");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(right > 400, $"only {right} programs ran");
    }

    /// <returns>Null when it was right, nothing when it was wrong, else why it cannot be run.</returns>
    private static string? Run(KernelTypes kernel, BpfObjectFile file, Expectation expected, string place, List<string> wrong)
    {
        try
        {
            var machine = new BpfMachine(kernel) { AllowUninitialisedStack = true, InstructionBudget = 100_000_000, FindSocket = static (_, _, _) => null, PathOf = static _ => "/" };
            AddModule(machine);
            BpfMachineObject bpf = machine.Load(file.Clone());
            if (FilledMaps.TryGetValue(place[..place.IndexOf(':', StringComparison.Ordinal)], out string? filled)) bpf.Map(filled).Set(new byte[4], FilledValue);
            BpfMachineProgram program = bpf.Program(expected.Program);
            if (ContextOf(program.Type) is not { } context) return $"no test run of type {program.Type}";
            int actual = program.Run(context).ReturnValue;
            if (actual == expected.Result) return null;
            wrong.Add($"{place} returns {actual}, and should {expected.Result}");
            return "";
        }
        catch (BpfMachineFault fault) when (fault.Id is BpfDiagnosticId.HelperNotSupplied or BpfDiagnosticId.KernelFunctionNotSupplied)
        {
            return fault.Reason.Split(',')[0];
        }
        catch (BpfMachineFault fault)
        {
            wrong.Add($"{place}: {fault.Message}");
            return "";
        }
        catch (NotSupportedException e)
        {
            return e.Message;
        }
        catch (BpfLoaderException e)
        {
            return $"not relocated ({e.Id})";
        }
    }

    // struct test_val of prog_tests/verifier.c: the number of 4-byte numbers, and those, of which one is set.
    private static byte[] FilledValue
    {
        get
        {
            byte[] value = new byte[48];
            BitConverter.TryWriteBytes(value, 7 * 4);
            BitConverter.TryWriteBytes(value.AsSpan(4 + (6 * 4)), 0xabcdef12);
            return value;
        }
    }

    // The iterator of bpf_testmod/bpf_testmod.c: the same number again and again.
    private static void AddModule(BpfMachine machine)
    {
        machine.KernelFunctions["bpf_iter_testmod_seq_new"] = static call =>
        {
            call.Write(1, (Value: (long)call[2], Count: (long)(int)call[3]));
            return 0;
        };
        machine.KernelFunctions["bpf_iter_testmod_seq_next"] = static call =>
        {
            (long value, long count) = call.Read<(long Value, long Count)>(1);
            if (count <= 0) return 0;
            call.Write(1, (value, count - 1));
            return call[1];
        };
        machine.KernelFunctions["bpf_iter_testmod_seq_value"] = static call => call[2] == 0 ? 0 : (ulong)((long)(int)call[1] + call.Read<(long Value, long Count)>(2).Value);
        machine.KernelFunctions["bpf_iter_testmod_seq_destroy"] = static _ => 0;
    }

    private static BpfContext? ContextOf(BpfProgramType type)
    {
        byte[] data = new byte[DataLength];
        var socket = new SocketObject { CgroupId = 1 };
        return type switch
        {
            BpfProgramType.Xdp => new XdpContext(data),
            BpfProgramType.SchedCls or BpfProgramType.SchedAct => new SkBuffContext(data) { Socket = socket },
            BpfProgramType.SocketFilter or BpfProgramType.CgroupSkb or BpfProgramType.LwtIn or BpfProgramType.LwtOut or BpfProgramType.LwtXmit =>
                new SkBuffContext(data) { Socket = socket, StartsAtNetworkHeader = true },
            BpfProgramType.Syscall => new BytesContext(new byte[128]),
            BpfProgramType.RawTracepoint => new BytesContext(new byte[96]),
            BpfProgramType.Netfilter => new NetfilterContext(data),
            BpfProgramType.Tracing => new TracingContext(new ulong[6], 0),
            _ => null,
        };
    }

    private static BpfObjectFile? TryOpen(string path)
    {
        try
        {
            return BpfObjectFile.Open(path);
        }
        catch (BpfFormatException)
        {
            return null;
        }
    }

    private static IEnumerable<Expectation> Expectations(BtfReader btf)
    {
        Dictionary<string, string> results = [], types = [];
        HashSet<string> succeed = [];
        for (int id = btf.FirstId; btf.Contains(new BtfTypeId(id)); id++)
        {
            BtfType tag = btf[new BtfTypeId(id)];
            if (tag.Kind != BtfKind.DeclarationTag || tag.ComponentIndex >= 0 || btf[tag.TypeId] is not { Kind: BtfKind.Function } function) continue;
            if (tag.Name.StartsWith(Tag, StringComparison.Ordinal)) results[function.Name] = tag.Name[Tag.Length..];
            else if (tag.Name.StartsWith(Types, StringComparison.Ordinal)) types[function.Name] = tag.Name[Types.Length..].Replace(".bpf.o", ".o", StringComparison.Ordinal);
            else if (tag.Name.StartsWith(Success, StringComparison.Ordinal)) succeed.Add(function.Name);
        }

        foreach ((string name, string text) in results)
        {
            // Some return an address, which is no number that could be expected.
            if (succeed.Contains(name) && text != "POINTER_VALUE") yield return new Expectation(name, Parse(text), types.GetValueOrDefault(name));
        }
    }

    private static int Parse(string text) => text switch
    {
        "INT_MIN" => int.MinValue,
        "XDP_PASS" => 2,
        "TEST_DATA_LEN" => DataLength,
        _ when text.StartsWith("0x", StringComparison.Ordinal) => unchecked((int)uint.Parse(text.AsSpan(2).TrimEnd("uUlL"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)),
        _ => unchecked((int)long.Parse(text.Trim('(', ')'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
    };

    private sealed record Expectation(string Program, int Result, string? TypesFile);
}
