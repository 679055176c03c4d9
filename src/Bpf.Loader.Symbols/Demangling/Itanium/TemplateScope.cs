using System.Collections.Generic;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary>The arguments that the parameters of a template stand for, while what is in it is printed.</summary>
/// <param name="Arguments">The arguments; null in the parameters of a lambda, whose <c>auto</c>s are named like parameters of a template.</param>
/// <param name="Outer">What the parameters in these arguments stand for.</param>
internal sealed record TemplateScope(IReadOnlyList<Node>? Arguments, TemplateScope? Outer);
