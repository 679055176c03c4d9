using Bpf.Loader.Testing.Contexts;

namespace Bpf.Loader.Testing;

/// <summary>A setting that is read or written: <c>struct bpf_sysctl</c>.</summary>
public sealed class SysctlContext : FieldContext
{
    private static readonly ContextLayout Fields = new("bpf_sysctl", 8, "write:4 file_pos:4w");

    /// <summary>Makes a context.</summary>
    /// <param name="name">The setting's path below <c>/proc/sys</c>, such as <c>net/ipv4/ip_forward</c>.</param>
    /// <param name="currentValue">What it is set to.</param>
    /// <param name="newValue">What is written to it; null when it is read.</param>
    public SysctlContext(string name, string currentValue, string? newValue = null)
        : base(Fields)
    {
        SettingName = name;
        CurrentValue = currentValue;
        NewValue = newValue;
        this["write"] = newValue is null ? 0ul : 1;
    }

    /// <summary>The setting's path below <c>/proc/sys</c>.</summary>
    public string SettingName { get; }

    /// <summary>What it is set to.</summary>
    public string CurrentValue { get; }

    /// <summary>What is written to it, which programs may change; null when it is read.</summary>
    public string? NewValue { get; set; }

    internal override bool Suits(BpfProgramType type) => type is BpfProgramType.CgroupSysctl;
}
