using System;

namespace Bpf.Loader.Hosting;

/// <summary>What the user asked to be attached, and how: it can be done again.</summary>
/// <param name="Name">What the link is called; null for the name of its program.</param>
/// <param name="Program">Tells the program.</param>
/// <param name="Attach">Attaches it.</param>
internal sealed record AttachRule(string? Name, Func<BpfObject, BpfProgram> Program, Func<BpfProgram, BpfLink> Attach);
