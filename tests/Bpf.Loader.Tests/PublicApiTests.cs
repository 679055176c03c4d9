using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Text;
using Xunit;

namespace Bpf.Loader.Tests;

/// <summary>The public surface of the libraries as text: whoever changes it sees it in the diff.</summary>
public class PublicApiTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Fact]
    public void The_public_surface_is_as_it_was_agreed() => Snapshot.Match(Describe(typeof(BpfFormatException).Assembly));

    [Fact]
    public void The_public_surface_for_hosts_is_as_it_was_agreed() => Snapshot.Match(Describe(typeof(Bpf.Loader.Hosting.BpfHostOptions).Assembly));

    [Fact]
    public void The_public_surface_for_symbols_is_as_it_was_agreed() => Snapshot.Match(Describe(typeof(Bpf.Loader.Symbols.Symbolizer).Assembly));

    [Fact]
    public void The_public_surface_for_tests_is_as_it_was_agreed() => Snapshot.Match(Describe(typeof(Bpf.Loader.Testing.BpfMachine).Assembly));

    [Fact]
    public void The_public_surface_for_tests_by_xunit_is_as_it_was_agreed() => Snapshot.Match(Describe(typeof(Bpf.Loader.Testing.Xunit.BpfTheoryAttribute).Assembly));

    private static readonly NullabilityInfoContext Nullability = new();

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Describe(type)).Append('\n');
            foreach (string member in Members(type).Order(StringComparer.Ordinal))
                text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static string Describe(Type type)
    {
        string kind = type switch
        {
            { IsEnum: true } => $"enum {type.FullName} : {Name(Enum.GetUnderlyingType(type))}",
            { IsInterface: true } => "interface " + type.FullName,
            { IsValueType: true } => (type.IsByRefLike ? "ref struct " : "struct ") + type.FullName,
            _ when typeof(Delegate).IsAssignableFrom(type) => "delegate " + type.FullName,
            { IsAbstract: true, IsSealed: true } => "static class " + type.FullName,
            _ => (type.IsSealed ? "sealed class " : type.IsAbstract ? "abstract class " : "class ") + type.FullName,
        };
        if (type.IsEnum)
            return kind;
        IEnumerable<Type> inherited = type.GetInterfaces().Where(candidate => candidate.IsPublic);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(MulticastDelegate))
            inherited = inherited.Prepend(parent);
        string list = string.Join(", ", inherited.Select(Name).Order(StringComparer.Ordinal));
        return list.Length == 0 ? kind : $"{kind} : {list}";
    }

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
            return Enum.GetNames(type).Select(name => $"{name} = {Convert.ChangeType(Enum.Parse(type, name), Enum.GetUnderlyingType(type), null)}");
        return type.GetMembers(Declared).Select(Describe).OfType<string>();
    }

    private static string? Describe(MemberInfo member) => member switch
    {
        ConstructorInfo constructor when IsVisible(constructor) => $"new({Parameters(constructor)})",
        MethodInfo method when IsVisible(method) && !IsAccessor(method) && !IsGenerated(method) =>
            $"{Static(method)}{Returned(method.ReturnParameter)} {method.Name}{Generics(method)}({Parameters(method)})",
        PropertyInfo property when property.GetAccessors(nonPublic: true).Any(IsVisible) => Describe(property),
        FieldInfo { IsLiteral: true, IsPublic: true } constant => $"const {Name(constant.FieldType)} {constant.Name} = {constant.GetRawConstantValue()}",
        FieldInfo { IsPublic: true } field => $"{(field.IsStatic ? "static " : "")}{(field.IsInitOnly ? "readonly " : "")}{Name(field.FieldType, Nullability.Create(field))} {field.Name}",
        EventInfo @event when @event.AddMethod is { } add && IsVisible(add) => $"event {Name(@event.EventHandlerType!, Nullability.Create(@event))} {@event.Name}",
        _ => null,
    };

    private static string Describe(PropertyInfo property)
    {
        MethodInfo? get = property.GetMethod, set = property.SetMethod;
        bool isInit = set is not null && set.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit");
        string accessors = (get is not null && IsVisible(get) ? "get; " : "") + (set is not null && IsVisible(set) ? isInit ? "init; " : "set; " : "");
        string index = property.GetIndexParameters().Length == 0 ? property.Name : $"this[{string.Join(", ", property.GetIndexParameters().Select(Parameter))}]";
        string required = property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute)) ? "required " : "";
        return $"{Static((get ?? set)!)}{required}{ByReference(property.PropertyType, get?.ReturnParameter)}{Name(property.PropertyType, Nullability.Create(property))} {index} {{ {accessors}}}";
    }

    // Private protected members are as good as internal outside of the assembly.
    private static bool IsVisible(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static bool IsAccessor(MethodInfo method) =>
        method.IsSpecialName && !method.Name.StartsWith("op_", StringComparison.Ordinal);

    // What the compiler writes for records tells nothing.
    private static bool IsGenerated(MethodInfo method) =>
        method.Name is "<Clone>$" or "PrintMembers" || method.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute));

    private static string Static(MethodBase method) => method.IsStatic ? "static " : "";

    private static string Generics(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter)
    {
        string prefix = parameter.IsOut ? "out " : parameter.ParameterType.IsByRef ? parameter.IsIn ? "in " : "ref " : "";
        if (parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(System.Runtime.CompilerServices.ParamCollectionAttribute))) prefix = "params ";
        if (parameter.CustomAttributes.Any(attribute => attribute.AttributeType.Name == "ScopedRefAttribute")) prefix = "scoped " + prefix;
        string suffix = parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "default"}" : "";
        return $"{prefix}{Name(parameter.ParameterType, Nullability.Create(parameter))} {parameter.Name}{suffix}";
    }

    private static string Returned(ParameterInfo result) => ByReference(result.ParameterType, result) + Name(result.ParameterType, Nullability.Create(result));

    private static string ByReference(Type type, ParameterInfo? result) =>
        !type.IsByRef ? "" : result?.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "InAttribute") == true ? "ref readonly " : "ref ";

    // What the annotations say of a type and of what it is made of. A generic parameter without a constraint says nothing itself.
    private static string Name(Type type, NullabilityInfo nullability)
    {
        NullabilityState state = nullability.WriteState is NullabilityState.Unknown or NullabilityState.NotNull ? nullability.ReadState : nullability.WriteState;
        if (type.IsByRef) return Name(type.GetElementType()!, nullability);
        if (Nullable.GetUnderlyingType(type) is not null) return Name(type);
        string mark = type.IsValueType || type.IsGenericParameter || state != NullabilityState.Nullable ? "" : "?";
        if (type.IsArray) return Name(type.GetElementType()!, nullability.ElementType!) + "[]" + mark;
        if (type.IsGenericType && type.Name.IndexOf('`', StringComparison.Ordinal) is var tick and > 0 && nullability.GenericTypeArguments.Length == type.GetGenericArguments().Length)
            return $"{type.Name[..tick]}<{string.Join(", ", type.GetGenericArguments().Zip(nullability.GenericTypeArguments, Name))}>{mark}";
        return Name(type) + mark;
    }

    private static string Name(Type type)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!);
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value) + "?";
        if (!type.IsGenericType)
            return type.Name;
        int tick = type.Name.IndexOf('`', StringComparison.Ordinal);
        string arguments = string.Join(", ", type.GetGenericArguments().Select(Name));
        return tick < 0 ? type.Name : $"{type.Name[..tick]}<{arguments}>";
    }
}
