using System;

namespace Bpf.Loader.Links.Targets;

/// <summary>Which tracepoint: <c>tp/CATEGORY/NAME</c>.</summary>
/// <param name="Category">The category, such as <c>sched</c>.</param>
/// <param name="Name">The tracepoint, such as <c>sched_switch</c>.</param>
internal readonly record struct TracepointTarget(string Category, string Name)
{
    /// <summary>Reads a section name.</summary>
    /// <returns>False when it names no target at all (<c>tp</c>): the program is not attached by itself.</returns>
    /// <exception cref="BpfAttachException">The target is malformed.</exception>
    public static bool TryParse(string section, out TracepointTarget target)
    {
        target = default;
        SectionTarget parts = SectionTarget.Split(section);
        if (!parts.HasArgument) return false;

        int slash = parts.Argument.IndexOf('/');
        if (slash <= 0 || slash + 1 == parts.Argument.Length)
            throw parts.Error("it needs a category and a name", "tracepoint/CATEGORY/NAME, such as tracepoint/sched/sched_switch");
        target = new TracepointTarget(new string(parts.Argument[..slash]), new string(parts.Argument[(slash + 1)..]));
        return true;
    }

    /// <summary>Reads the section name of a raw tracepoint, <c>raw_tp/NAME</c>.</summary>
    /// <returns>False when it names no target at all (<c>raw_tp</c>).</returns>
    /// <exception cref="BpfAttachException">The target is malformed.</exception>
    public static bool TryParseRaw(string section, out string name)
    {
        SectionTarget parts = SectionTarget.Split(section);
        name = new string(parts.Argument);
        if (!parts.HasArgument) return false;
        if (name.Length == 0)
            throw parts.Error("no tracepoint is named", $"{parts.Kind}/NAME, such as {parts.Kind}/sched_switch");
        return true;
    }
}
