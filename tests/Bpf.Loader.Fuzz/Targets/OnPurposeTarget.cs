using System;
using Bpf.Loader.Fuzz.Mutation;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>A fault that is made on purpose, by every third input: the fuzzer must find it and go on behind it.</summary>
internal sealed class OnPurposeTarget(string name, Action<byte[]> fault) : FuzzTarget(name)
{
    public override byte[] Make(FuzzRandom random) => [(byte)random.Next(3)];

    public override void Run(byte[] input)
    {
        if (input is [0]) fault(input);
        if (input is [1]) throw new BpfFormatException("refused");
    }
}
