using Microsoft.CodeAnalysis;

namespace Bpf.Loader.Analyzers;

/// <summary>The types of the library in a compilation, and what the classes that are generated for objects have in common.</summary>
internal sealed class BpfTypes
{
    private readonly INamedTypeSymbol? _link, _links, _object, _file, _map, _program, _skeleton, _disposable;

    private BpfTypes(Compilation compilation, INamedTypeSymbol file)
    {
        _file = file;
        _link = compilation.GetTypeByMetadataName("Bpf.Loader.BpfLink");
        _links = compilation.GetTypeByMetadataName("Bpf.Loader.BpfLinkCollection");
        _object = compilation.GetTypeByMetadataName("Bpf.Loader.BpfObject");
        _map = compilation.GetTypeByMetadataName("Bpf.Loader.BpfMap");
        _program = compilation.GetTypeByMetadataName("Bpf.Loader.BpfProgram");
        _skeleton = compilation.GetTypeByMetadataName("Bpf.Loader.IBpfSkeleton`1");
        _disposable = compilation.GetTypeByMetadataName("System.IDisposable");
    }

    /// <summary>Finds the types; null where the library is not used.</summary>
    public static BpfTypes? Find(Compilation compilation) => compilation.GetTypeByMetadataName("Bpf.Loader.BpfObjectFile") is INamedTypeSymbol file ? new BpfTypes(compilation, file) : null;

    /// <summary>A link, a collection of links, or the attachments of a skeleton.</summary>
    public bool IsLink(ITypeSymbol? type) => type is not null && (Derives(type, _link) || Same(type, _links) || (type.Name == "Attached" && IsSkeleton(type.ContainingType)));

    /// <summary>A class that was generated for an object, in its loaded stage.</summary>
    public bool IsSkeleton(ITypeSymbol? type)
    {
        if (type is null) return false;
        foreach (INamedTypeSymbol known in type.AllInterfaces)
        {
            if (Same(known.OriginalDefinition, _skeleton)) return true;
        }

        return false;
    }

    /// <summary>The description of an object: the library's, or the one of a skeleton.</summary>
    public bool IsDescription(ITypeSymbol? type) => type is not null && (Same(type, _file) || (type.Name == "Description" && IsSkeleton(type.ContainingType)));

    /// <summary>Whether a call gives its caller something of the kernel, to be disposed.</summary>
    public bool GivesOwned(IMethodSymbol method)
    {
        if (!IsOurs(method.ContainingType)) return false;
        ITypeSymbol type = method.ReturnType;
        if (IsLink(type) || Same(type, _object) || IsSkeleton(type)) return true;

        // What an object has, it keeps; what is opened or made by number, name or path is the caller's.
        if (Same(type, _map) || Same(type, _program)) return method.IsStatic || method.Name == "Duplicate";
        return type.ContainingNamespace?.ToDisplayString() == "Bpf.Loader.Buffers" && type.TypeKind == TypeKind.Class && Implements(type, _disposable);
    }

    private bool IsOurs(INamedTypeSymbol? type) => type is not null && (type.ContainingAssembly?.Name is "Bpf.Loader" or "Bpf.Loader.Hosting" || IsSkeleton(type) || IsSkeleton(type.ContainingType));

    private static bool Derives(ITypeSymbol type, INamedTypeSymbol? from)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (Same(at, from)) return true;
        }

        return false;
    }

    private static bool Implements(ITypeSymbol type, INamedTypeSymbol? known)
    {
        foreach (INamedTypeSymbol candidate in type.AllInterfaces)
        {
            if (Same(candidate, known)) return true;
        }

        return false;
    }

    private static bool Same(ISymbol type, ISymbol? other) => other is not null && SymbolEqualityComparer.Default.Equals(type, other);
}
