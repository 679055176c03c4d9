using System.Collections.Generic;

namespace Bpf.Tool.Skeletons;

/// <summary>The variables that a part of an object has in a section.</summary>
/// <param name="Name">The section.</param>
/// <param name="Property">The property that gives them.</param>
/// <param name="Live">The class of those of a loaded object.</param>
/// <param name="Described">The class of those of a described object.</param>
/// <param name="IsReadOnly">True for constants.</param>
/// <param name="Variables">The variables.</param>
internal sealed record VariableSectionModel(string Name, string Property, string Live, string Described, bool IsReadOnly, List<VariableModel> Variables);
