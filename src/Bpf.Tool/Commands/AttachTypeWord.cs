using Bpf.Loader;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands;

/// <summary>Reads the word for a type of attachment.</summary>
internal static class AttachTypeWord
{
    public static BpfAttachType Take(Words words)
    {
        string word = words.Take("ATTACH_TYPE");
        return KernelNames.TryParse(word, out BpfAttachType type)
            ? type
            : throw new UsageException($"'{word}' is no type of attachment; 'bpf feature list_builtins attach_types' lists them.");
    }
}
