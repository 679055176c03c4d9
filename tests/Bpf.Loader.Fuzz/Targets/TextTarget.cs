using System;
using System.Text;
using Bpf.Loader.Fuzz.Mutation;
using Bpf.Tool;

namespace Bpf.Loader.Fuzz.Targets;

/// <summary>What reads a text: given damaged copies of texts that it understands.</summary>
/// <param name="name">The name of the target.</param>
/// <param name="texts">Texts that it understands.</param>
/// <param name="read">Reads one, and checks what it read.</param>
internal sealed class TextTarget(string name, string[] texts, Action<string> read) : FuzzTarget(name)
{
    public override int Share => 2;

    public override byte[] Make(FuzzRandom random) => Encoding.UTF8.GetBytes(TextMutator.Mutate(random.Pick(texts), random, texts));

    public override void Run(byte[] input) => read(Encoding.UTF8.GetString(input));

    public override bool IsRefusal(Exception exception) => exception is BpfLoaderException or UsageException or FormatException;
}
