namespace Bpf.Loader.Testing.Maps;

/// <summary>What the kernel looks after in the values of maps and in the objects that programs make.</summary>
internal enum SpecialFieldKind
{
    /// <summary>A lock or work item, which holds nothing.</summary>
    Opaque,

    /// <summary>A timer.</summary>
    Timer,

    /// <summary>A pointer to an object of the kernel or of the program (<c>__kptr</c>).</summary>
    Pointer,

    /// <summary>The head of a list.</summary>
    ListHead,

    /// <summary>The link of an object in a list.</summary>
    ListNode,

    /// <summary>The root of a tree.</summary>
    TreeRoot,

    /// <summary>The link of an object in a tree.</summary>
    TreeNode,

    /// <summary>The number of references to an object.</summary>
    ReferenceCount,
}
