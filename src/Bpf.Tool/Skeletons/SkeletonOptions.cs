using System.Collections.Generic;

namespace Bpf.Tool.Skeletons;

/// <summary>How a skeleton is written.</summary>
internal sealed record SkeletonOptions
{
    /// <summary>The name of the object file, which names the object when it is opened.</summary>
    public required string FileName { get; init; }

    /// <summary>The name of the class.</summary>
    public required string ClassName { get; init; }

    /// <summary>The namespace; null for none.</summary>
    public string? Namespace { get; init; }

    /// <summary>The embedded resource that holds the object; null to write the object into the source.</summary>
    public string? Resource { get; init; }

    /// <summary>True when the assembly carries types of kernels, for those that have none.</summary>
    public bool BringsKernelBtf { get; init; }

    /// <summary>True when the class is to be seen in its assembly only.</summary>
    public bool IsInternal { get; init; }

    /// <summary>True for a class whose object is loaded by a program in the kernel.</summary>
    public bool IsLight { get; init; }

    /// <summary>What signs the program that loads the object; null for none.</summary>
    public LoaderSigner? Signer { get; init; }

    /// <summary>Types that neither maps nor variables have, and that shall be there nevertheless.</summary>
    public IReadOnlyList<string> Types { get; init; } = [];

    /// <summary>The names of types that are defined elsewhere in the namespace, once for several objects.</summary>
    public IReadOnlySet<string> SharedTypes { get; init; } = new HashSet<string>();

    /// <summary>The name that a class has of its object: <c>exec_snoop.bpf.o</c> gives <c>ExecSnoop</c>.</summary>
    public static string ClassOf(string fileName) => CSharpNames.Pascal(fileName.Split('.')[0]);

    /// <summary>What is wrong with the names that were told; null when nothing is.</summary>
    public string? WrongName() =>
        !CSharpNames.IsName(ClassName, isNamespace: false) ? $"--class {ClassName}: that is no name of a class."
        : Namespace is { } space && !CSharpNames.IsName(space, isNamespace: true) ? $"--namespace {space}: that is no name of a namespace."
        : null;
}
