using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>The description of an object, with everything that it offers asked for.</summary>
internal sealed class ObjectTarget() : FuzzTarget("object")
{
    public override byte[] Make(FuzzRandom random) => Seeds.MutatedObject(random);

    public override void Run(byte[] input)
    {
        BpfObjectFile file = BpfObjectFile.Read(input, "damaged.bpf.o");
        int subPrograms = 0;
        foreach (BpfFunction function in file.Functions)
        {
            if (function.IsSubProgram) subPrograms++;
            Oracle.Require(function.Instructions.Length == function.InstructionCount, "a function that has not its instructions");
            foreach (CodeRelocation relocation in function.Relocations)
                Oracle.Require((uint)relocation.Instruction < (uint)function.InstructionCount, "a relocation beyond its function");
        }

        Oracle.Require(file.Programs.Count == file.Functions.Count - subPrograms, "a program that is no function");
        foreach (BpfGlobal global in file.Globals)
        {
            // A zeroed section of 2 GiB is legal, and takes memory only when it is asked for.
            if (global.Map.ValueSize <= input.Length) Oracle.Require(global.Bytes.Length == (int)global.Size, "a variable that has not its bytes");
        }

        foreach (BpfMapDefinition map in file.Maps) Oracle.Require(map.Name.Length > 0, "a map without a name");
        foreach (BpfFinding diagnostic in file.Diagnostics) Oracle.Require(diagnostic.ToString().Length > 0, "a finding without text");
        BpfObjectFile clone = file.Clone();
        Oracle.Require(clone.Programs.Count == file.Programs.Count && clone.Maps.Count == file.Maps.Count, "a clone that is another object");
    }
}
