using System;
using System.Runtime.Versioning;

namespace Bpf.Loader.Maps;

/// <summary>The checks when a typed view is made.</summary>
[SupportedOSPlatform("linux")]
internal static class ViewCheck
{
    /// <summary>Throws unless a C# type has the size of the map's keys.</summary>
    public static void KeySize<T>(BpfMap map)
        where T : unmanaged
    {
        if (map.Type.HasNoElements() || map.KeySize == 0)
            throw new InvalidOperationException($"{MapRefusal.Describe(map)} is of type {map.Type}, which has no keys.");
        map.RequireKeys<T>();
    }

    /// <summary>Throws unless a C# type has the given size of the map's values.</summary>
    public static void ValueSize<T>(BpfMap map, int size)
        where T : unmanaged
    {
        if (size != map.ValueSize && map.Type.HasPerCpuValues())
            throw new InvalidOperationException($"{MapRefusal.Describe(map)} is of type {map.Type}: use {nameof(BpfMap.AsPerCpu)}.");
        map.RequireValues<T>(size);
    }

    /// <summary>Throws unless the map is of one of the types that a view is for.</summary>
    public static void Type(BpfMap map, string view, params ReadOnlySpan<BpfMapType> types)
    {
        foreach (BpfMapType type in types)
        {
            if (type == map.Type) return;
        }

        throw new InvalidOperationException($"{MapRefusal.Describe(map)} is of type {map.Type}, of which there is no view as {view}.");
    }
}
