using System;
using System.IO;
using System.Runtime.InteropServices;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Loader.Instructions;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>The disassembler, on code that no compiler wrote.</summary>
internal sealed class InstructionsTarget() : FuzzTarget("instructions")
{
    public override int Share => 2;

    public override byte[] Make(FuzzRandom random) => random.Bytes(8 * random.Next(24));

    public override void Run(byte[] input)
    {
        BpfInstruction[] code = MemoryMarshal.Cast<byte, BpfInstruction>(input.AsSpan(0, input.Length & ~7)).ToArray();
        var text = new StringWriter();
        BpfDisassembler.Write(text, code);
        Oracle.Printable(text.ToString(), "the disassembly");
        for (int i = 0; i < code.Length; i++) Oracle.Require(BpfDisassembler.Format(code, i).Length > 0, "an instruction without text");
    }
}
