using System;
using Bpf.Loader.Instructions;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Loading;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Light;

internal sealed partial class LoaderProgram
{
    // union bpf_attr.
    private const int MaxEntriesField = 12, InnerMapField = 20, BtfField = 48, MapField = 0, KeyField = 8, ValueField = 16;
    private const uint FreezeSize = sizeof(int);

    /// <summary>True for maps of constants, which are frozen before programs are loaded: the verifier relies on them.</summary>
    public static bool IsFrozen(BpfMapDefinition map) => map.Kind is BpfMapKind.ReadOnlyData or BpfMapKind.KernelConfig;

    private MapArguments Place(BpfMapDefinition map)
    {
        int inner = map.InnerMap is null ? 0 : _data.Add(Describe(map.InnerMap), MapCreateSize), create = _data.Add(Describe(map), MapCreateSize);

        // A new map is all zeros; constants are set by the caller too, who also knows the kernel's configuration.
        bool hasValue = IsFrozen(map) ? map.InitialValue.Length > 0 : map.IsInternal && map.HasInitialValue && map.InitialValue.Span.ContainsAnyExcept((byte)0);
        return new MapArguments(
            inner, create, hasValue ? _data.Reserve((int)MapElementAttr.WireSize) : 0, IsFrozen(map) ? _data.Reserve((int)FreezeSize) : 0, hasValue ? _data.Reserve(sizeof(int)) : 0);
    }

    private MapCreateAttr Describe(BpfMapDefinition map)
    {
        bool hasTypes = HasTypes(map);
        return new MapCreateAttr
        {
            MapType = map.Type,
            KeySize = map.KeySize,
            ValueSize = map.ValueSize,
            MaxEntries = map.MaxEntries,
            MapFlags = map.Flags,
            MapExtra = map.MapExtra,
            NumaNode = map.NumaNode,
            MapIfIndex = map.InterfaceIndex,
            MapName = ObjectName.From(KernelObjectName.Encode(map.KernelName)),
            BtfKeyTypeId = hasTypes ? (uint)map.BtfKeyTypeId.Value : 0,
            BtfValueTypeId = hasTypes ? (uint)map.BtfValueTypeId.Value : 0,
        };
    }

    private bool HasTypes(BpfMapDefinition map) => _file.Btf is not null && ObjectTypes.AreTakenBy(map.Type) && !(map.BtfKeyTypeId.IsVoid && map.BtfValueTypeId.IsVoid);

    private void Create(int index, in MapArguments arguments)
    {
        BpfMapDefinition map = _maps[index];
        if (map.InnerMap is not null) CreateInner(map, arguments);
        if (HasTypes(map)) _code.FromContext(BpfAccessSize.Word, arguments.Create + BtfField, _context.ObjectTypesDescriptor);
        if (!_isBound) _code.FromContextUnlessZero(arguments.Create + MaxEntriesField, LoaderContext.MaxEntries(index));
        Begin(BpfCommand.MapCreate, $"map '{map.Name}'");
        _code.Call(BpfCommand.MapCreate, arguments.Create, MapCreateSize);
        _code.Keep(_context.Map(index));
        _code.KeepInData(index * sizeof(int));
        if (map.InnerMap is not null) _code.CloseAt(_context.InnerMapDescriptor);
        if (arguments.Update > 0) PutValue(index, arguments);
        if (arguments.Freeze == 0) return;
        _code.Copy(BpfAccessSize.Word, arguments.Freeze, index * sizeof(int));
        Begin(BpfCommand.MapFreeze, $"map '{map.Name}'");
        _code.Call(BpfCommand.MapFreeze, arguments.Freeze, FreezeSize);
    }

    private void CreateInner(BpfMapDefinition map, in MapArguments arguments)
    {
        if (HasTypes(map.InnerMap!)) _code.FromContext(BpfAccessSize.Word, arguments.Inner + BtfField, _context.ObjectTypesDescriptor);
        if (!_isBound) _code.FromContextUnlessZero(arguments.Inner + MaxEntriesField, LoaderContext.InnerMaxEntries(Array.IndexOf(_maps, map)));
        Begin(BpfCommand.MapCreate, $"the inner map of '{map.Name}'");
        _code.Call(BpfCommand.MapCreate, arguments.Inner, MapCreateSize);
        _code.Keep(_context.InnerMapDescriptor);
        _code.FromContext(BpfAccessSize.Word, arguments.Create + InnerMapField, _context.InnerMapDescriptor);
    }

    private void PutValue(int index, in MapArguments arguments)
    {
        BpfMapDefinition map = _maps[index];
        int value = _data.Add(map.InitialValue.Span);
        _values.Add(map, value);
        Begin(BpfCommand.MapUpdateElement, $"map '{map.Name}'");

        // What is not frozen the caller writes when all is loaded.
        if (IsFrozen(map) && !_isBound) _code.TakeValue(value, map.InitialValue.Length, LoaderContext.InitialValue(index));
        Update(arguments.Update, index, arguments.Key, value);
    }

    private void Update(int arguments, int map, int key, int value)
    {
        _code.Copy(BpfAccessSize.Word, arguments + MapField, map * sizeof(int));
        _code.Point(arguments + KeyField, key);
        _code.Point(arguments + ValueField, value);
        _code.Call(BpfCommand.MapUpdateElement, arguments, MapElementAttr.WireSize);
    }

    private void FillOuterMaps()
    {
        for (int i = 0; i < _maps.Length; i++)
        {
            if (!_maps[i].AutoCreate || _maps[i].Type is not (BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps)) continue;
            foreach (BpfMapSlot slot in _maps[i].InitialSlots)
            {
                if (slot.Map is not { AutoCreate: true } inner) continue;
                Begin(BpfCommand.MapUpdateElement, $"map '{_maps[i].Name}', which is to hold map '{inner.Name}' at {slot.Index}");
                Put(i, slot.Index, Array.IndexOf(_maps, inner) * sizeof(int));
            }
        }
    }

    private void FillProgramArrays()
    {
        for (int i = 0; i < _maps.Length; i++)
        {
            if (!_maps[i].AutoCreate || _maps[i].Type != BpfMapType.ProgArray) continue;
            foreach (BpfMapSlot slot in _maps[i].InitialSlots)
            {
                int program = Array.FindIndex(_programs, linked => linked.Definition == slot.Program);
                if (program < 0) continue;
                int value = _data.Reserve(sizeof(int));
                _code.FromContext(BpfAccessSize.Word, value, _context.Program(program));
                Begin(BpfCommand.MapUpdateElement, $"map '{_maps[i].Name}', which is to hold program '{slot.Program!.Name}' at {slot.Index}");
                Put(i, slot.Index, value);
            }
        }
    }

    private void Put(int map, uint index, int value) => Update(_data.Reserve((int)MapElementAttr.WireSize), map, _data.Add(BitConverter.GetBytes(index)), value);
}
