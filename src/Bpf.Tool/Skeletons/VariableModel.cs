namespace Bpf.Tool.Skeletons;

/// <summary>A variable that is found by its name.</summary>
/// <param name="C">The name in C.</param>
/// <param name="Name">The name in C#.</param>
/// <param name="Size">How many bytes it has.</param>
/// <param name="Type">Its type; null when it is bytes.</param>
/// <param name="Declaration">How it is declared in C.</param>
internal sealed record VariableModel(string C, string Name, uint Size, CSharpType? Type, string Declaration);
