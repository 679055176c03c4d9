using System;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

public sealed partial class BpfObjectFile
{
    private const string RecordSuffix = "_event";

    /// <summary>
    /// The type of the records of a ring or perf buffer, in <see cref="Btf"/>; void when the object does not say. BTF does not know what
    /// a buffer carries; the convention is a global variable <c>MAP_event</c> whose type is a pointer to it, as in
    /// <c>struct event *events_event;</c>, which also keeps the type in the BTF.
    /// </summary>
    /// <param name="map">The name of the buffer.</param>
    public BtfTypeId FindRecordType(string map)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (!Maps.TryGet(map, out BpfMapDefinition? definition) || definition.Type is not (BpfMapType.RingBuf or BpfMapType.PerfEventArray)) return default;
        if (Btf is not { } btf || !Globals.TryGet(map + RecordSuffix, out BpfGlobal? global) || global.TypeId.IsVoid) return default;
        BtfType pointer = btf.StripModifiers(global.TypeId);
        return pointer.Kind == BtfKind.Pointer && !btf.StripModifiers(pointer.TypeId).Id.IsVoid ? pointer.TypeId : default;
    }
}
