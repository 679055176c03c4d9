using Bpf.Loader.Btf;

namespace Bpf.Loader.Objects;

/// <summary>Reads the struct that defines a map: <c>__uint</c>, <c>__type</c>, <c>__array</c> and <c>__ulong</c> of bpf_helpers.h.</summary>
internal readonly struct MapDefinitionParser(ObjectContext context, int section, uint offset)
{
    private const int MemberCost = 32;

    private readonly BtfReader _btf = context.Btf!;

    public BpfMapDefinition Parse(string name, BtfType definition) => Parse(name, definition, isInner: false);

    private BpfMapDefinition Parse(string name, BtfType definition, bool isInner)
    {
        var map = new BpfMapDefinition(name, BpfMapKind.User)
        {
            SectionName = context.SectionNames[section],
            SectionIndex = section,
            SectionOffset = offset,
        };
        uint maxEntries = 0;
        int index = 0, last = definition.Members.Count - 1;
        foreach (BtfMember member in definition.Members)
        {
            context.Charge(MemberCost);
            string field = context.Text(member.NameUtf8);
            switch (field)
            {
                case "type": map.Type = (BpfMapType)Number(name, member); break;
                case "max_entries": maxEntries = Number(name, member); break;
                case "map_flags": map.Flags = (BpfMapFlags)Number(name, member); break;
                case "numa_node": map.NumaNode = Number(name, member); break;
                case "map_extra": map.MapExtra = LongNumber(name, member); break;
                case "key_size": map.KeySize = Agree(name, "key", map.KeySize, Number(name, member)); break;
                case "value_size": map.ValueSize = Agree(name, "value", map.ValueSize, Number(name, member)); break;
                case "key":
                    map.BtfKeyTypeId = Pointee(name, member, out uint keySize);
                    map.KeySize = Agree(name, "key", map.KeySize, keySize);
                    break;
                case "value":
                    map.BtfValueTypeId = Pointee(name, member, out uint valueSize);
                    map.ValueSize = Agree(name, "value", map.ValueSize, valueSize);
                    break;
                case "values":
                    if (isInner) throw Fail(BpfDiagnosticId.MapNestedInner, $"The inner map '{name}' has inner maps itself, which the kernel does not take.");
                    if (index != last) throw Fail(BpfDiagnosticId.MapBadValues, $"The field 'values' of the map '{name}' must be the last one.");
                    Values(map, member);
                    break;
                case "pinning":
                    map.Pinning = Pinning(name, member, isInner);
                    break;
                case "":
                    throw Fail(BpfDiagnosticId.MapBadField, $"Field {index} of the map '{name}' has no name.");
                case var unknown when context.Options.RelaxedMaps:
                    context.Note(BpfDiagnosticId.MapFieldIgnored, BpfSeverity.Warning, $"The field '{unknown}' of the map '{name}' is ignored.", section, name, offset, cure: "Remove it, or correct its name.");
                    break;
                default:
                    throw Fail(BpfDiagnosticId.MapUnknownField, $"The map '{name}' has the field '{field}', which is not known. It can be ignored with the option {nameof(BpfOpenOptions.RelaxedMaps)}.");
            }

            index++;
        }

        if (map.Type == BpfMapType.Unspecified) throw Fail(BpfDiagnosticId.MapWithoutType, $"The map '{name}' has no type: add __uint(type, BPF_MAP_TYPE_...).");
        map.MaxEntries = maxEntries; // here, because it is rounded for rings
        return map;
    }

    private uint Number(string name, BtfMember member) => TryNumber(member, out uint number)
        ? number
        : throw Fail(BpfDiagnosticId.MapBadField, $"The field '{member.Name}' of the map '{name}' encodes no number: write __uint({member.Name}, ...).");

    // int (*name)[NUMBER]
    private bool TryNumber(BtfMember member, out uint number)
    {
        number = 0;
        BtfType pointer = _btf.StripModifiers(member.TypeId);
        if (pointer.Kind != BtfKind.Pointer) return false;
        BtfType array = _btf[pointer.TypeId];
        number = array.Array.Count;
        return array.Kind == BtfKind.Array;
    }

    // As above, or enum { name__NAME = NUMBER } name
    private ulong LongNumber(string name, BtfMember member)
    {
        BtfType type = _btf.StripModifiers(member.TypeId);
        if (type.IsEnum && type.Enumerators.Count == 1) return (ulong)type.Enumerators[0].Value;
        return TryNumber(member, out uint number)
            ? number
            : throw Fail(BpfDiagnosticId.MapBadField, $"The field '{member.Name}' of the map '{name}' encodes no number: write __uint or __ulong({member.Name}, ...).");
    }

    // TYPE *name
    private BtfTypeId Pointee(string name, BtfMember member, out uint size)
    {
        BtfType pointer = _btf[member.TypeId];
        if (pointer.Kind != BtfKind.Pointer)
            throw Fail(BpfDiagnosticId.MapBadField, $"The field '{member.Name}' of the map '{name}' is {pointer}, and no pointer: write __type({member.Name}, ...).");
        if (!_btf.TryGetSize(pointer.TypeId, out size))
            throw Fail(BpfDiagnosticId.MapBadField, $"The {member.Name} of the map '{name}' has the type {_btf[pointer.TypeId]}, whose size cannot be told.");
        return pointer.TypeId;
    }

    private uint Agree(string name, string what, uint known, uint size) => known == 0 || known == size
        ? size
        : throw Fail(BpfDiagnosticId.MapSizeConflict, $"The map '{name}' says that its {what} takes {known} bytes, and also {size}.");

    private BpfPinning Pinning(string name, BtfMember member, bool isInner)
    {
        uint number = Number(name, member);
        if (isInner) throw Fail(BpfDiagnosticId.MapBadPinning, $"The inner map '{name}' cannot be pinned.");
        if (number > 1) throw Fail(BpfDiagnosticId.MapBadPinning, $"The map '{name}' asks for pinning {number}; 0 (none) and 1 (by name) exist.");
        return (BpfPinning)number;
    }

    // TYPE *values[]
    private void Values(BpfMapDefinition map, BtfMember member)
    {
        bool isProgArray = map.Type == BpfMapType.ProgArray;
        if (!isProgArray && map.Type is not (BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps))
            throw Fail(BpfDiagnosticId.MapBadValues, $"The map '{map.Name}' of type {map.Type} cannot have the field 'values'; maps of maps and program arrays can. The type must come before the values.");
        map.ValueSize = Agree(map.Name, "value", map.ValueSize, sizeof(uint));

        BtfType array = _btf[member.TypeId];
        if (array.Kind != BtfKind.Array || array.Array.Count != 0) throw BadValues(map, "is no array without a size");
        BtfType pointer = _btf.StripModifiers(array.Array.ElementTypeId);
        if (pointer.Kind != BtfKind.Pointer) throw BadValues(map, "is no array of pointers");
        BtfType target = _btf.StripModifiers(pointer.TypeId);
        if (isProgArray)
        {
            if (target.Kind != BtfKind.FunctionPrototype) throw BadValues(map, "has no pointers to functions");
            return;
        }

        if (target.Kind != BtfKind.Struct) throw BadValues(map, "has no pointers to the struct that defines the inner maps");
        map.InnerMap = Parse(map.Name + ".inner", target, isInner: true);
    }

    private BpfFormatException BadValues(BpfMapDefinition map, string what) =>
        Fail(BpfDiagnosticId.MapBadValues, $"The field 'values' of the map '{map.Name}' {what}: write __array(values, ...).");

    private BpfFormatException Fail(BpfDiagnosticId id, string message) => context.Fail(id, message, section, offset);
}
