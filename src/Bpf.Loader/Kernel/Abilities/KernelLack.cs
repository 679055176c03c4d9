using System.Linq;

namespace Bpf.Loader.Kernel.Abilities;

/// <summary>Something that this kernel was asked for, and lacks.</summary>
/// <param name="Feature">What it is, as a noun.</param>
/// <param name="Since">The first kernel that has it; null when that is not known.</param>
internal sealed record KernelLack(string Feature, string? Since)
{
    /// <summary>What a kernel that is new enough must be built with; null when there is nothing to choose.</summary>
    public string? Option { get; init; }

    /// <summary>What the kernel does have, a sentence; null when it did not tell.</summary>
    public string? Known { get; init; }

    /// <summary>What does the same elsewhere, a sentence; null when nothing does.</summary>
    public string? Instead { get; init; }

    /// <summary>What to know and to do about it, in full sentences; null when there is nothing.</summary>
    public string? Hint
    {
        get
        {
            bool isReached = Since is not null && FirstKernels.IsReached(Since);
            string? built = !isReached ? null
                : Option is null ? $"This kernel ({KernelVersion.Release}) is new enough, and has it not all the same: it is built without it, or was changed."
                : $"This kernel ({KernelVersion.Release}) is new enough, and built without it ({Option}).";
            string text = string.Join(' ', ((string?[])[built, isReached ? null : Known, Instead]).Where(static part => part is not null));
            return text.Length == 0 ? null : text;
        }
    }

    /// <summary>That it is lacking, a sentence without its full stop.</summary>
    public string Sentence => $"{Feature} is not supported by this kernel{(Since is null ? "" : $"; Linux {Since} is the first that has it")}";

    /// <summary>The refusal for it.</summary>
    public BpfNotSupportedException ToException(BpfCommand command, Errno errno, string objectName) => new(Feature, Since, command, errno, objectName, Hint);
}
