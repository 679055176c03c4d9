using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using Bpf.Loader.Btf;
using Bpf.Loader.Instructions;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;
using Bpf.Loader.Tests;
using Xunit;

namespace Bpf.Loader.KernelTests.Instructions;

public partial class VerifierLogTests
{
    public static TheoryData<string> Objects { get; } = [.. TestData.GoodObjects().Select(row => row.Data).Where(name => !name.Contains('/'))];

    // What was relocated without the kernel and printed by us is what the kernel prints while it verifies.
    [Theory]
    [MemberData(nameof(Objects))]
    public void Relocated_programs_read_as_in_the_verifiers_log(string name)
    {
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf(name));
        foreach (BpfMapDefinition map in file.Maps)
            map.PinPath = null;

        // The objects for CO-RE have types of their own to be relocated against.
        BtfReader? types = name.StartsWith("core_", StringComparison.Ordinal) && name is not ("core_kernel.bpf.o" or "core_module.bpf.o")
            ? BtfReader.ReadRawOrElf(TestData.Read("btf/same.bpf.o"))
            : null;
        IReadOnlyList<BpfRelocatedProgram> relocated = file.Relocate(types is null ? null : new TargetTypes(types));
        using BpfObject? loaded = TryLoad(file, types);
        if (loaded is null)
        {
            JsonElement theirs = ReferenceLoader.Verify(TestData.PathOf(name), types is null ? null : TestData.PathOf("btf/same.bpf.o"));
            Assert.False(IsLoadedBy(theirs), "libbpf loads it on this kernel");
            Assert.Skip("This kernel refuses the object, by libbpf too.");
        }

        foreach (BpfRelocatedProgram program in relocated)
        {
            if (!loaded.VerifierLogs.TryGetValue(program.Definition.Name, out string? log))
                continue;
            Assert.True(Compare(program, log) > 0, log);
        }
    }

    private static bool IsLoadedBy(JsonElement verdict) => verdict.GetProperty("open").GetString() == "ok"
        && verdict.GetProperty("programs").EnumerateArray().All(program => program.GetProperty("loaded").GetBoolean());

    private static BpfObject? TryLoad(BpfObjectFile file, BtfReader? types)
    {
        try
        {
            return file.Load(new BpfLoadOptions { VerifierLogLevel = 2, TargetBtf = types });
        }
        catch (Exception e) when (e is BpfException or CoReException or BpfFormatException)
        {
            TestContext.Current.TestOutputHelper?.WriteLine(e.Message);
            return null;
        }
    }

    private static int Compare(BpfRelocatedProgram program, string log)
    {
        ReadOnlySpan<BpfInstruction> code = program.Instructions.Span;
        int compared = 0;
        foreach (Match line in LogLine().Matches(log))
        {
            int index = int.Parse(line.Groups["index"].Value, CultureInfo.InvariantCulture);

            // By then, references are addresses.
            BpfInstruction instruction = code[index];
            if (instruction is { IsLoadImmediate64: true, Source: not 0 })
                continue;

            // The kernel knows the names of its own functions only.
            BpfReferenceNamer? namer = instruction is { IsCall: true, Source: BpfPseudo.KernelFunctionCall } ? program.NameReference : null;
            Assert.Equal(line.Groups["text"].Value.TrimEnd(), $"({instruction.Code:x2}) {BpfDisassembler.Format(code, index, namer)}");
            compared++;
        }

        return compared;
    }

    // "7: (bf) r0 = r1                       ; R0=3 R1=3"
    [GeneratedRegex(@"^(?<index>\d+): (?<text>\([0-9a-f]{2}\) [^;\n]*)", RegexOptions.Multiline)]
    private static partial Regex LogLine();
}
