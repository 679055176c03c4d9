using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Hosting;

/// <summary>How a link is.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Death">Why it is not attached any more; null when it is, or never was.</param>
/// <param name="Refusal">Why it could not be attached, again or at all; null when it is.</param>
/// <param name="LostPin">The path of its pin when that is gone.</param>
[SupportedOSPlatform("linux")]
internal readonly record struct LinkState(string Name, LinkDeath? Death, Exception? Refusal, string? LostPin);
