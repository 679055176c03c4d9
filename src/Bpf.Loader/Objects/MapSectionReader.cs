using Bpf.Loader.Btf;

namespace Bpf.Loader.Objects;

/// <summary>Reads the map definitions of the section <c>.maps</c>, which the BTF describes.</summary>
internal static class MapSectionReader
{
    public static void Read(ObjectContext context)
    {
        int index = context.MapsSection;
        if (index < 0) return;
        if (!context.TryFindDataSection(".maps", out BtfType section))
            throw context.Fail(BpfDiagnosticId.MapsWithoutDescription, "The BTF does not describe the map definitions: compile the object with clang -g, version 10 or newer.", index);
        foreach (BtfSectionVariable variable in section.Variables) context.Maps.Add(Read(context, index, variable));
    }

    private static BpfMapDefinition Read(ObjectContext context, int index, BtfSectionVariable place)
    {
        BtfReader btf = context.Btf!;
        BtfType variable = btf[place.TypeId];
        string name = context.Text(variable.NameUtf8);
        if (variable.Kind != BtfKind.Variable || name.Length == 0)
            throw context.Fail(BpfDiagnosticId.MapBadVariable, $"The map definition is {variable}, and no variable with a name.", index, place.Offset);
        if ((ulong)place.Offset + place.Size > context.Elf.Sections[index].Size)
            throw context.Fail(BpfDiagnosticId.MapBadVariable, $"The map definition '{name}' ({place.Size} bytes) goes beyond the end of the section.", index, place.Offset);
        if (variable.Linkage != BtfLinkage.Global)
        {
            throw context.Fail(
                BpfDiagnosticId.MapLinkage,
                $"The map '{name}' is {variable.Linkage.ToString().ToLowerInvariant()}: declare it without static, extern and __hidden.", index, place.Offset);
        }

        BtfType definition = btf.StripModifiers(variable.TypeId);
        if (definition.Kind != BtfKind.Struct)
            throw context.Fail(BpfDiagnosticId.MapNotStruct, $"The map '{name}' is defined by {definition}, and no struct.", index, place.Offset);
        if (definition.Size > place.Size)
            throw context.Fail(BpfDiagnosticId.MapBadVariable, $"The definition of the map '{name}' takes {definition.Size} bytes, and the variable has {place.Size}.", index, place.Offset);

        var parser = new MapDefinitionParser(context, index, place.Offset);
        BpfMapDefinition map = parser.Parse(name, definition);
        if (map.Pinning == BpfPinning.ByName) map.PinByName(context.Options.PinRootPath);
        return map;
    }
}
