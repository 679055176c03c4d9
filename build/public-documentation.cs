// Takes the documentation of what is not public out of the packages of a folder: who reads it there cannot call it.
//   dotnet run build/public-documentation.cs -- FOLDER
using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;

foreach (string path in Directory.GetFiles(args[0], "*.nupkg"))
{
    using ZipArchive package = ZipFile.Open(path, ZipArchiveMode.Update);
    foreach (ZipArchiveEntry library in package.Entries.Where(entry => entry.FullName.StartsWith("lib/", StringComparison.Ordinal) && entry.Name.EndsWith(".dll", StringComparison.Ordinal)).ToArray())
    {
        if (package.GetEntry(Path.ChangeExtension(library.FullName, ".xml")) is not { } documentation) continue;
        using var image = new MemoryStream();
        using (Stream stream = library.Open()) stream.CopyTo(image);
        image.Position = 0;
        HashSet<string> visible = PublicMembers.Of(image);
        XDocument document;
        using (Stream stream = documentation.Open()) document = XDocument.Load(stream, LoadOptions.PreserveWhitespace);
        XElement[] members = [.. document.Descendants("member")];
        foreach (XElement member in members.Where(member => !visible.Contains(member.Attribute("name")!.Value)))
        {
            if (member.PreviousNode is XText space) space.Remove();
            member.Remove();
        }

        HashSet<string> left = [.. document.Descendants("member").Select(member => member.Attribute("name")!.Value)];
        Console.Error.WriteLine($"{library.FullName}: {left.Count} of {members.Length} members are public");
        if (left.Count == 0) throw new InvalidDataException($"{documentation.FullName}: no public member was recognised.");
        using (Stream stream = documentation.Open())
        {
            stream.SetLength(0);
            document.Save(stream, SaveOptions.DisableFormatting);
        }
    }
}

/// <summary>The public members of an assembly, by the ids that the compiler writes into documentation.</summary>
internal sealed class PublicMembers(MetadataReader reader) : ISignatureTypeProvider<string, object?>
{
    public static HashSet<string> Of(Stream image)
    {
        using var file = new PEReader(image, PEStreamOptions.LeaveOpen);
        return new PublicMembers(file.GetMetadataReader()).All();
    }

    private HashSet<string> All()
    {
        var ids = new HashSet<string>();
        foreach (TypeDefinitionHandle handle in reader.TypeDefinitions)
        {
            if (!IsVisible(handle)) continue;
            TypeDefinition type = reader.GetTypeDefinition(handle);
            string name = GetTypeFromDefinition(reader, handle, 0);
            ids.Add("T:" + name);
            foreach (FieldDefinitionHandle item in type.GetFields())
            {
                FieldDefinition field = reader.GetFieldDefinition(item);
                if (IsVisible((MethodAttributes)field.Attributes)) ids.Add($"F:{name}.{reader.GetString(field.Name)}");
            }

            foreach (MethodDefinitionHandle item in type.GetMethods())
            {
                MethodDefinition method = reader.GetMethodDefinition(item);
                if (!IsVisible(method.Attributes)) continue;
                MethodSignature<string> signature = method.DecodeSignature(this, null);
                string word = reader.GetString(method.Name), result = word is "op_Implicit" or "op_Explicit" ? "~" + signature.ReturnType : "";
                string generic = signature.GenericParameterCount == 0 ? "" : "``" + signature.GenericParameterCount;
                ids.Add($"M:{name}.{word.Replace('.', '#')}{generic}{Parameters(signature.ParameterTypes)}{result}");
            }

            foreach (PropertyDefinitionHandle item in type.GetProperties())
            {
                PropertyDefinition property = reader.GetPropertyDefinition(item);
                PropertyAccessors accessors = property.GetAccessors();
                if (IsVisible(accessors.Getter) || IsVisible(accessors.Setter))
                    ids.Add($"P:{name}.{reader.GetString(property.Name)}{Parameters(property.DecodeSignature(this, null).ParameterTypes)}");
            }

            foreach (EventDefinitionHandle item in type.GetEvents())
            {
                EventDefinition raised = reader.GetEventDefinition(item);
                if (IsVisible(raised.GetAccessors().Adder)) ids.Add($"E:{name}.{reader.GetString(raised.Name)}");
            }
        }

        return ids;
    }

    private bool IsVisible(TypeDefinitionHandle handle)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        return (type.Attributes & TypeAttributes.VisibilityMask) switch
        {
            TypeAttributes.Public => true,
            TypeAttributes.NestedPublic or TypeAttributes.NestedFamily or TypeAttributes.NestedFamORAssem => IsVisible(type.GetDeclaringType()),
            _ => false,
        };
    }

    private bool IsVisible(MethodDefinitionHandle handle) => !handle.IsNil && IsVisible(reader.GetMethodDefinition(handle).Attributes);

    // The access of fields has the same numbers.
    private static bool IsVisible(MethodAttributes attributes) =>
        (attributes & MethodAttributes.MemberAccessMask) is MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem;

    private static string Parameters(ImmutableArray<string> types) => types.IsEmpty ? "" : $"({string.Join(',', types)})";

    public string GetTypeFromDefinition(MetadataReader _, TypeDefinitionHandle handle, byte rawTypeKind)
    {
        TypeDefinition type = reader.GetTypeDefinition(handle);
        string name = reader.GetString(type.Name);
        if (type.IsNested) return $"{GetTypeFromDefinition(reader, type.GetDeclaringType(), 0)}.{name}";
        return type.Namespace.IsNil ? name : $"{reader.GetString(type.Namespace)}.{name}";
    }

    public string GetTypeFromReference(MetadataReader _, TypeReferenceHandle handle, byte rawTypeKind)
    {
        TypeReference type = reader.GetTypeReference(handle);
        string name = reader.GetString(type.Name);
        if (type.ResolutionScope.Kind == HandleKind.TypeReference) return $"{GetTypeFromReference(reader, (TypeReferenceHandle)type.ResolutionScope, 0)}.{name}";
        return type.Namespace.IsNil ? name : $"{reader.GetString(type.Namespace)}.{name}";
    }

    // List`1 of string is List{System.String}; of nested generic types each takes its own.
    public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments)
    {
        string[] parts = genericType.Split('.');
        int taken = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            int tick = parts[i].IndexOf('`', StringComparison.Ordinal);
            if (tick < 0) continue;
            int count = int.Parse(parts[i][(tick + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            parts[i] = $"{parts[i][..tick]}{{{string.Join(',', typeArguments.Skip(taken).Take(count))}}}";
            taken += count;
        }

        return string.Join('.', parts);
    }

    public string GetPrimitiveType(PrimitiveTypeCode typeCode) => "System." + typeCode;

    public string GetSZArrayType(string elementType) => elementType + "[]";

    public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{string.Join(',', Enumerable.Repeat("0:", shape.Rank))}]";

    public string GetByReferenceType(string elementType) => elementType + "@";

    public string GetPointerType(string elementType) => elementType + "*";

    public string GetPinnedType(string elementType) => elementType;

    public string GetGenericTypeParameter(object? genericContext, int index) => "`" + index;

    public string GetGenericMethodParameter(object? genericContext, int index) => "``" + index;

    public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;

    public string GetFunctionPointerType(MethodSignature<string> signature) => "function";

    public string GetTypeFromSpecification(MetadataReader _, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
}
