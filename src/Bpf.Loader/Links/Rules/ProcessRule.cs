using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Links.Rules;

/// <summary>Processes.</summary>
/// <param name="what">What they are.</param>
/// <param name="condition">Which.</param>
[SupportedOSPlatform("linux")]
internal sealed class ProcessRule(string what, Func<ProcessTarget, bool> condition) : TargetRule<ProcessTarget>(what)
{
    public override TargetWatch<ProcessTarget> Watch(Action changed) => new ProcessRuleWatch(condition, changed);
}
