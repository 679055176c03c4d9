using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Bpf.Loader.Tests.Layers;

/// <summary>What the types and methods of an assembly refer to, read from its metadata and code.</summary>
internal sealed class AssemblyGraph : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _reader;
    private readonly TypeNames _names = new();
    private readonly Dictionary<string, List<MethodDefinitionHandle>> _methodsByName = [];

    public AssemblyGraph(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
        foreach (MethodDefinitionHandle handle in _reader.MethodDefinitions)
        {
            MethodDefinition method = _reader.GetMethodDefinition(handle);
            string key = Key(method.GetDeclaringType(), _reader.GetString(method.Name));
            if (!_methodsByName.TryGetValue(key, out List<MethodDefinitionHandle>? list)) _methodsByName.Add(key, list = []);
            list.Add(handle);
        }
    }

    /// <summary>The full names of the assembly's own types that are not nested and not the compiler's.</summary>
    public IEnumerable<string> Types => _reader.TypeDefinitions
        .Where(handle => _reader.GetTypeDefinition(handle).GetDeclaringType().IsNil)
        .Select(handle => TypeNames.NameOf(_reader, handle))
        .Where(name => !name.Contains('<', StringComparison.Ordinal));

    /// <summary>Pairs of a type and a type that it refers to in any way.</summary>
    public IEnumerable<(string From, string To)> References()
    {
        foreach (TypeDefinitionHandle handle in _reader.TypeDefinitions)
        {
            string from = TypeNames.NameOf(_reader, handle);
            foreach (string to in ReferencesOf(handle).Distinct())
            {
                if (to != from) yield return (from, to);
            }
        }
    }

    /// <summary>The methods that call into native libraries, as type and name.</summary>
    public IEnumerable<string> PlatformInvokes() =>
        from handle in _reader.MethodDefinitions
        let method = _reader.GetMethodDefinition(handle)
        where (method.Attributes & MethodAttributes.PinvokeImpl) != 0
        select Describe(handle);

    /// <summary>
    /// The ways from the methods of some types to a method of some others, by direct calls: each the names of the methods passed.
    /// </summary>
    public List<string> Ways(Func<string, bool> isFrom, Func<string, bool> isTo, Func<string, bool> isAllowed)
    {
        var found = new List<string>();
        var seen = new HashSet<MethodDefinitionHandle>();
        var queue = new Queue<(MethodDefinitionHandle Method, string Way)>();
        foreach (MethodDefinitionHandle handle in _reader.MethodDefinitions)
        {
            if (isFrom(TypeOf(handle)) && !isAllowed(Describe(handle)) && seen.Add(handle)) queue.Enqueue((handle, Describe(handle)));
        }

        while (queue.TryDequeue(out (MethodDefinitionHandle Method, string Way) at))
        {
            foreach (EntityHandle token in Code(at.Method))
            {
                foreach ((string type, string name, MethodDefinitionHandle? own) in Targets(token))
                {
                    string way = $"{at.Way} -> {type}.{name}";
                    if (isTo(type)) found.Add(way);
                    else if (own is MethodDefinitionHandle next && !isAllowed(Describe(next)) && seen.Add(next)) queue.Enqueue((next, way));
                }
            }
        }

        return found;
    }

    public void Dispose() => _file.Dispose();

    private IEnumerable<string> ReferencesOf(TypeDefinitionHandle handle)
    {
        TypeDefinition type = _reader.GetTypeDefinition(handle);
        IEnumerable<string> all = NamesOf(type.BaseType);
        foreach (InterfaceImplementationHandle item in type.GetInterfaceImplementations()) all = all.Concat(NamesOf(_reader.GetInterfaceImplementation(item).Interface));
        foreach (FieldDefinitionHandle item in type.GetFields()) all = all.Concat(_reader.GetFieldDefinition(item).DecodeSignature(_names, null));
        foreach (MethodDefinitionHandle item in type.GetMethods())
        {
            MethodSignature<System.Collections.Immutable.ImmutableArray<string>> signature = _reader.GetMethodDefinition(item).DecodeSignature(_names, null);
            all = all.Concat(signature.ReturnType).Concat(signature.ParameterTypes.SelectMany(names => names));
            all = Code(item).Aggregate(all, (names, token) => names.Concat(NamesOf(token)));
        }

        return all;
    }

    private IEnumerable<EntityHandle> Code(MethodDefinitionHandle handle)
    {
        int address = _reader.GetMethodDefinition(handle).RelativeVirtualAddress;
        return address == 0 ? [] : IlOperands.Tokens(_file.GetMethodBody(address));
    }

    private IEnumerable<string> NamesOf(EntityHandle handle)
    {
        if (handle.IsNil) return [];
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition: return [TypeNames.NameOf(_reader, (TypeDefinitionHandle)handle)];
            case HandleKind.TypeReference: return [TypeNames.NameOf(_reader, (TypeReferenceHandle)handle)];
            case HandleKind.TypeSpecification: return _reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(_names, null);
            case HandleKind.MemberReference: return NamesOf(_reader.GetMemberReference((MemberReferenceHandle)handle).Parent);
            case HandleKind.MethodDefinition: return NamesOf(_reader.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
            case HandleKind.FieldDefinition: return NamesOf(_reader.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
            case HandleKind.MethodSpecification:
                MethodSpecification method = _reader.GetMethodSpecification((MethodSpecificationHandle)handle);
                return NamesOf(method.Method).Concat(method.DecodeSignature(_names, null).SelectMany(names => names));
            default: return [];
        }
    }

    // What a call may lead to. Making an object of a type of the compiler's (a closure, an iterator) may run all its methods.
    private IEnumerable<(string Type, string Name, MethodDefinitionHandle? Own)> Targets(EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.MethodSpecification:
                return Targets(_reader.GetMethodSpecification((MethodSpecificationHandle)token).Method);
            case HandleKind.MethodDefinition:
                var own = (MethodDefinitionHandle)token;
                MethodDefinition method = _reader.GetMethodDefinition(own);
                TypeDefinition type = _reader.GetTypeDefinition(method.GetDeclaringType());
                IEnumerable<MethodDefinitionHandle> all = _reader.GetString(type.Name).StartsWith('<') ? type.GetMethods() : [own];
                return all.Select(handle => (TypeOf(handle), _reader.GetString(_reader.GetMethodDefinition(handle).Name), (MethodDefinitionHandle?)handle));
            case HandleKind.MemberReference:
                MemberReference member = _reader.GetMemberReference((MemberReferenceHandle)token);
                string name = _reader.GetString(member.Name);
                string? parent = NamesOf(member.Parent).FirstOrDefault();
                if (parent is null) return [];
                return GenericDefinition(member.Parent) is TypeDefinitionHandle definition && _methodsByName.TryGetValue(Key(definition, name), out List<MethodDefinitionHandle>? methods)
                    ? methods.Select(handle => (parent, name, (MethodDefinitionHandle?)handle))
                    : [(parent, name, null)];
            default:
                return [];
        }
    }

    private TypeDefinitionHandle? GenericDefinition(EntityHandle parent)
    {
        if (parent.Kind != HandleKind.TypeSpecification) return null;
        BlobReader signature = _reader.GetBlobReader(_reader.GetTypeSpecification((TypeSpecificationHandle)parent).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance) return null;
        signature.ReadByte(); // class or value type
        EntityHandle type = signature.ReadTypeHandle();
        return type.Kind == HandleKind.TypeDefinition ? (TypeDefinitionHandle)type : null;
    }

    private string TypeOf(MethodDefinitionHandle handle) => TypeNames.NameOf(_reader, _reader.GetMethodDefinition(handle).GetDeclaringType());

    private string Describe(MethodDefinitionHandle handle) => $"{TypeOf(handle)}.{_reader.GetString(_reader.GetMethodDefinition(handle).Name)}";

    private static string Key(TypeDefinitionHandle type, string name) => $"{System.Reflection.Metadata.Ecma335.MetadataTokens.GetRowNumber(type)}:{name}";
}
