using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

public sealed partial class BpfObjectFile
{
    /// <summary>
    /// Makes the BTF of a data section fit another size: the last variable must be an array, and takes the difference. When it is
    /// not, the map goes without a type, as with libbpf.
    /// </summary>
    internal void ResizeSection(BpfMapDefinition map, uint size)
    {
        if (map.BtfValueTypeId.IsVoid || Btf is null) return;
        BtfType section = Btf[map.BtfValueTypeId];
        int count = section.Variables.Count;
        BtfSectionVariable last = count == 0 ? default : section.Variables[count - 1];
        BtfType variable = Btf[last.TypeId];
        BtfType array = variable.Kind == BtfKind.Variable ? Btf.StripModifiers(variable.TypeId) : default;
        if (array.Reader is null || array.Kind != BtfKind.Array || size < last.Offset
            || !Btf.TryGetSize(array.Array.ElementTypeId, out uint element) || element == 0 || (size - last.Offset) % element != 0)
        {
            map.BtfValueTypeId = default;
            _diagnostics.Add(new BpfFinding
            {
                Id = BpfDiagnosticId.ResizedWithoutType,
                Severity = BpfSeverity.Warning,
                What = $"The map '{map.Name}' has no type any more.",
                Place = new BpfLocation(map.SectionName, null, variable.Kind == BtfKind.Variable ? variable.Name : null),
                Cause = "Only a section whose last variable is an array can be resized with its type, by whole elements.",
                Cure = "Make the array the last variable of its section, and the size a multiple of its elements.",
            });
            return;
        }

        var edit = new BtfBuilder(Btf);
        uint room = size - last.Offset;
        BtfTypeId type = edit.AddArray(array.Array.ElementTypeId, array.Array.IndexTypeId, room / element);
        edit.SetTypeId(variable.Id, type);
        edit.SetSize(section.Id, size);
        edit.SetSectionVariable(section.Id, count - 1, last with { Size = room });
        Btf = edit.ToReader();

        foreach (BpfGlobal global in Globals)
        {
            if (!ReferenceEquals(global.Map, map) || global.Offset != last.Offset || global.Name != variable.Name) continue;
            global.Size = room;
            global.TypeId = type;
        }
    }
}
