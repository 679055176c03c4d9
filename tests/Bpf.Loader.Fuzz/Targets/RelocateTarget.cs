using System.Collections.Generic;
using System.IO;
using Bpf.Loader.Btf;
using Bpf.Loader.Elf;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Instructions;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>A damaged object relocated against small types, or a sound one against damaged types.</summary>
internal sealed class RelocateTarget() : FuzzTarget("relocate")
{
    public override int Share => 8;

    public override long AllocationPerByte => 1500;

    public override byte[] Make(FuzzRandom random)
    {
        byte[] file = random.Once(4) ? random.Pick(Seeds.Objects).Image : Seeds.MutatedObject(random);
        return Parcel.Pack(file, random.Once(2) ? Seeds.MutatedTypes(random) : random.Pick(Seeds.Types).Image);
    }

    public override void Run(byte[] input)
    {
        byte[][] parts = Parcel.Unpack(input, 2);
        BpfObjectFile file = BpfObjectFile.Read(parts[0], "damaged.bpf.o");
        BtfReader types = BtfReader.Read(parts[1]);
        IReadOnlyList<BpfRelocatedProgram> programs = OfflineKernel.Relocate(file, types);
        OfflineKernel.Same(programs, OfflineKernel.Relocate(file, types));
        foreach (BpfRelocatedProgram program in programs)
        {
            if (program.Failure is not null) continue;
            Oracle.Require(ProgramTag.Sha1(program.Instructions.Span).Length == 16, "a tag that is none");
            for (int i = 0; i < program.Instructions.Length; i++) _ = program.TryFindLine(i, out _);
            BpfDisassembler.Write(TextWriter.Null, program.Instructions.Span, program.NameReference);
        }

        foreach (CoReFinding finding in CoReRelocator.Check(ElfFile.Read(parts[0]), new TargetTypes(types)))
            Oracle.Require(finding.ToString() is not null, "a finding without text");
        foreach (BpfFinding diagnostic in file.CheckPortability(new TargetTypes(types))) Oracle.Require(diagnostic.ToString().Length > 0, "a finding without text");
    }
}
