using System;
using Bpf.Loader.Symbols;

namespace Bpf.Tool.Profiling;

/// <summary>What <c>bpf profile</c> is asked for.</summary>
/// <param name="Pid">The process; 0 for all.</param>
/// <param name="Frequency">Samples a second on each CPU.</param>
/// <param name="Duration">How long; null until Ctrl-C.</param>
/// <param name="Format">How the profile is written.</param>
/// <param name="File">Where to; null for the standard output.</param>
/// <param name="Json">Whether a stack a line is written as JSON instead.</param>
internal sealed record ProfileRequest(uint Pid, ulong Frequency, TimeSpan? Duration, ProfileFormat Format, string? File, bool Json);
