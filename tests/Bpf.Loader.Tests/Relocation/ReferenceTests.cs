using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;
using Xunit;

namespace Bpf.Loader.Tests.Relocation;

/// <summary>
/// Compares the final instructions of every program in testdata, by their tags, with those that libbpf hands to the kernel for the
/// same target types: <c>testdata/reference</c>, which <c>build/reference.sh</c> writes.
/// </summary>
public sealed class ReferenceTests
{
    public static TheoryData<string, string> Answers()
    {
        var rows = new TheoryData<string, string>();
        foreach (string path in Directory.GetFiles(TestData.PathOf("reference"), "*.jsonl").Order(StringComparer.Ordinal))
        {
            string target = Path.GetFileNameWithoutExtension(path);
            foreach (string line in File.ReadLines(path)) rows.Add(target, JsonDocument.Parse(line).RootElement.GetProperty("file").GetString()!);
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void Every_program_is_libbpfs(string target, string name)
    {
        JsonElement answer = File.ReadLines(TestData.PathOf($"reference/{target}.jsonl"))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Single(line => line.GetProperty("file").GetString() == name);
        BpfObjectFile file = BpfObjectFile.Open(TestData.PathOf(name));
        var types = new TargetTypes(BpfObjectFile.Open(TestData.PathOf($"btf/{target}.bpf.o")).Btf!);

        JsonElement[] programs = [.. answer.GetProperty("programs").EnumerateArray()];
        if (answer.GetProperty("open").GetString() == "ok")
            Assert.Equal(programs.Select(program => program.GetProperty("name").GetString()), file.Programs.Select(program => program.Name));
        else // libbpf gave the file up; we do not.
            Assert.All(file.Programs, program => Assert.NotEmpty(Relocate(file, program, types).Instructions));

        foreach ((JsonElement expected, BpfProgramDefinition program) in programs.Zip(file.Programs))
        {
            Assert.Equal(expected.GetProperty("sec").GetString(), program.SectionName);
            if (expected.GetProperty("insns_final").ValueKind == JsonValueKind.Number)
            {
                LinkedProgram linked = Relocate(file, program, types);
                ReferencePatcher.PatchWithoutKernel(linked);
                Assert.Equal(
                    (program.Name, expected.GetProperty("insns_final").GetInt32(), expected.GetProperty("tag_sha1").GetString(), expected.GetProperty("tag_sha256").GetString()),
                    (program.Name, linked.Instructions.Length, ProgramTag.Sha1(linked.Instructions), ProgramTag.Sha256(linked.Instructions)));
            }
            // One without a type is refused later, and one for a struct_ops map that is optional is passed over.
            else if (expected.GetProperty("error").ValueKind == JsonValueKind.String && program.Type != BpfProgramType.Unspecified)
            {
                Assert.Throws<CoReException>(() => Relocate(file, program, types));
            }
        }
    }

    // Alone, as the reference is taken: what is wrong with one program must not hide the others.
    private static LinkedProgram Relocate(BpfObjectFile file, BpfProgramDefinition program, TargetTypes types)
    {
        foreach (BpfProgramDefinition other in file.Programs) other.AutoLoad = ReferenceEquals(other, program);
        return new ObjectRelocator(file, types, new Facts(types)).Link(program);
    }

    /// <summary>A kernel that has what the objects ask for; none of it is in the instructions.</summary>
    private sealed class Facts(TargetTypes types) : IKernelFacts
    {
        public string? Name => null;

        public uint Version => 0x060c00;

        public bool HasCookie => true;

        public bool HasSyscallWrapper => true;

        public BtfReader Kernel => types.Kernel;

        public IReadOnlyList<BtfReader> Modules => types.Modules;

        public bool TryGetConfig(string name, out string value)
        {
            value = name switch
            {
                "CONFIG_HZ" => "250",
                "CONFIG_LOG_BUF_SHIFT" => "17",
                "CONFIG_DEFAULT_HOSTNAME" => "\"(none)\"",
                "CONFIG_BPF_SYSCALL" or "CONFIG_BPF_JIT" or "CONFIG_NET" => "y",
                _ => "",
            };
            return value.Length > 0;
        }

        public IReadOnlyDictionary<string, KernelSymbolAddress> FindSymbols(IReadOnlyCollection<string> names) =>
            new Dictionary<string, KernelSymbolAddress>();
    }
}
