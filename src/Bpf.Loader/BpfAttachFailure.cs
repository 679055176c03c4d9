using System;
using System.Runtime.Versioning;

namespace Bpf.Loader;

/// <summary>A program that could not be attached, and why.</summary>
/// <param name="Program">The program.</param>
/// <param name="Error">Why: a <see cref="BpfException"/> or a <see cref="BpfFormatException"/>.</param>
[SupportedOSPlatform("linux")]
public sealed record BpfAttachFailure(BpfProgram Program, Exception Error);
