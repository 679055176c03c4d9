using System.Runtime.Versioning;

namespace Bpf.Loader;

/// <summary>A program of an object, or its struct_ops map, with its attachment.</summary>
/// <param name="Name">The name of the program or map.</param>
/// <param name="Link">The attachment.</param>
[SupportedOSPlatform("linux")]
public readonly record struct BpfAttachedProgram(string Name, BpfLink Link);
