using System;
using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Features;

/// <summary>One question about the kernel, as an agent's installer would ask it.</summary>
[SupportedOSPlatform("linux")]
internal static class FeatureQuestion
{
    /// <summary>Reads a question, if there is one, and answers it.</summary>
    public static bool TryTake(Words words, out FeatureRow? answer)
    {
        answer = words switch
        {
            _ when words.TryTake("prog_type") => OfProgramType(words),
            _ when words.TryTake("map_type") => OfMapType(words),
            _ when words.TryTake("attach_type") => OfAttachType(words),
            _ when words.TryTake("helper") => OfHelper(words),
            _ when words.TryTake("kfunc") => OfKernelFunction(words),
            _ when words.TryTake("fentry") => Of("fentry", words.Take("a function"), BpfFeatures.ProbeFEntry),
            _ when words.TryTake("kprobe") => Of("kprobe", words.Take("a function"), BpfFeatures.ProbeKprobe),
            _ when words.TryTake("raw_tracepoint") => Of("raw_tracepoint", words.Take("a tracepoint"), BpfFeatures.ProbeRawTracepoint),
            _ when words.TryTake("tracepoint") => OfTracepoint(words),
            _ when words.TryTake("config") => OfConfig(words),
            _ => null,
        };
        if (answer is not null) words.End();
        return answer is not null;
    }

    private static FeatureRow Of(string kind, string name, Func<string, BpfSupport> probe) => new(kind, name, probe(name));

    private static FeatureRow OfProgramType(Words words)
    {
        BpfProgramType type = TakeType(words);
        return new FeatureRow("prog_type", KernelNames.Of(type), BpfFeatures.Probe(type));
    }

    private static FeatureRow OfMapType(Words words)
    {
        BpfMapType type = KernelNames.ParseMapType(words.Take("a type of map"));
        return new FeatureRow("map_type", KernelNames.Of(type), BpfFeatures.Probe(type));
    }

    private static FeatureRow OfAttachType(Words words)
    {
        BpfAttachType type = AttachTypeWord.Take(words);
        return new FeatureRow("attach_type", KernelNames.Of(type), BpfFeatures.Probe(type));
    }

    private static FeatureRow OfHelper(Words words)
    {
        BpfProgramType type = TakeType(words);
        string name = words.Take("a helper");
        return Answer($"helper of {KernelNames.Of(type)}", name, () => BpfFeatures.ProbeHelper(type, name));
    }

    private static FeatureRow OfKernelFunction(Words words)
    {
        BpfProgramType type = TakeType(words);
        string name = words.Take("a function");
        return Answer($"kfunc of {KernelNames.Of(type)}", name, () => BpfFeatures.ProbeKernelFunction(type, name));
    }

    private static FeatureRow OfTracepoint(Words words)
    {
        string category = words.Take("a category"), name = words.Take("a tracepoint");
        return new FeatureRow("tracepoint", $"{category}/{name}", BpfFeatures.ProbeTracepoint(category, name));
    }

    private static FeatureRow OfConfig(Words words)
    {
        string option = words.Take("an option");
        return new FeatureRow("config", option, BpfFeatures.ProbeConfig(option, out string? value), value);
    }

    private static FeatureRow Answer(string kind, string name, Func<BpfSupport> ask)
    {
        try
        {
            return new FeatureRow(kind, name, ask());
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message, e);
        }
    }

    private static BpfProgramType TakeType(Words words)
    {
        string name = words.Take("a type of program");
        return KernelNames.TryParse(name, out BpfProgramType type)
            ? type
            : throw new UsageException($"'{name}' is no type of program; 'bpf feature list_builtins prog_types' lists them.");
    }
}
