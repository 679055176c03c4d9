using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Loading;

/// <summary>A map that was there before the load: it keeps what it holds, and whatever of the object is not in it is told.</summary>
[SupportedOSPlatform("linux")]
internal static class ReusedMap
{
    /// <summary>Reports in what the contents and types of the map are not those of the object.</summary>
    public static void Report(LoadContext context, BpfMapDefinition definition, BpfMap map)
    {
        ReportTypes(context, definition, map);
        if (definition.Kind is BpfMapKind.ReadOnlyData or BpfMapKind.KernelConfig)
            ReportConstants(context, definition, map);
        else if (LeftOut(definition) is string leftOut)
            Report(context, definition, BpfDiagnosticId.ContentsKept, BpfSeverity.Info, $"keeps what it holds: {leftOut} not put into it", "To start anew, remove the pin before the load.");
    }

    private static string? LeftOut(BpfMapDefinition definition)
    {
        // Program arrays are filled, as libbpf does: they are of no use with the programs of another load.
        if (definition.Type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps && definition.InitialSlots.Count > 0)
            return $"the maps {string.Join(", ", definition.InitialSlots.Select(slot => $"'{slot.Map?.Name}'").Distinct())} are";
        return definition is { Type: BpfMapType.Arena, HasInitialValue: true } ? "the initial values of variables are" : null;
    }

    private static void ReportConstants(LoadContext context, BpfMapDefinition definition, BpfMap map)
    {
        byte[] found = new byte[map.ValueBufferSize];
        try
        {
            if (!map.TryGet(new byte[sizeof(uint)], found)) return;
        }
        catch (BpfException)
        {
            return; // a descriptor that may not read
        }

        string[] others = [.. Differing(context.File, definition, found)];
        if (others.Length > 0)
        {
            Report(
                context, definition, BpfDiagnosticId.OtherConstants, BpfSeverity.Warning,
                $"keeps its constants, and programs see other ones than the object has, or than were set, of {string.Join(", ", others)}",
                "Give the map another pin path, or remove the pin, where the programs need their own constants.");
        }
        else if (IsOpenToWrites(map))
        {
            Report(
                context, definition, BpfDiagnosticId.OtherConstants, BpfSeverity.Warning,
                "holds the same constants and is not frozen",
                "Anybody can change them, so the verifier does not rely on them: let the map be made by a load of this library, which freezes it.");
        }
    }

    private static IEnumerable<string> Differing(BpfObjectFile file, BpfMapDefinition definition, byte[] found)
    {
        ReadOnlyMemory<byte> wanted = definition.HasInitialValue ? definition.InitialValue : new byte[found.Length];
        if (wanted.Span.SequenceEqual(found)) yield break;
        bool isNamed = false;
        foreach (BpfGlobal global in file.Globals)
        {
            if (!ReferenceEquals(global.Map, definition) || (ulong)global.Offset + global.Size > (ulong)Math.Min(wanted.Length, found.Length)) continue;
            if (wanted.Span.Slice((int)global.Offset, (int)global.Size).SequenceEqual(found.AsSpan((int)global.Offset, (int)global.Size))) continue;
            isNamed = true;
            yield return $"'{global.Name}'";
        }

        if (!isNamed) yield return definition.Kind == BpfMapKind.KernelConfig ? "the kernel's configuration" : "those without a name, such as texts";
    }

    private static bool IsOpenToWrites(BpfMap map)
    {
        try
        {
            return !map.GetFileInfo().IsFrozen;
        }
        catch (BpfException)
        {
            return false; // without /proc nobody knows
        }
    }

    private static void ReportTypes(LoadContext context, BpfMapDefinition definition, BpfMap map)
    {
        if (context.File.Btf is not BtfReader wanted || definition.IsInternal) return;
        BpfMapInfo info = map.GetInfo();
        if (info.BtfId == 0 || info.BtfVmlinuxValueTypeId != 0) return;
        BtfReader? found;
        try
        {
            found = MapTypes.Open(info.BtfId);
        }
        catch (BpfFormatException)
        {
            return; // of somebody else, and for readers of dumps only
        }

        if (found is null) return;
        string? difference =
            Difference("keys", wanted, definition.BtfKeyTypeId, found, new BtfTypeId((int)info.BtfKeyTypeId))
            ?? Difference("values", wanted, definition.BtfValueTypeId, found, new BtfTypeId((int)info.BtfValueTypeId));
        if (difference is not null)
            Report(context, definition, BpfDiagnosticId.OtherTypes, BpfSeverity.Warning, $"was made with other types of the same size: {difference}", "Bring the program's types and those of the map's maker together, or give the map another pin path.");
    }

    private static string? Difference(string what, BtfReader wanted, BtfTypeId wantedType, BtfReader found, BtfTypeId foundType) =>
        wantedType.Value == 0 || foundType.Value == 0 || !LayoutDifference.TryFind(wanted, wantedType, found, foundType, out string? difference)
            ? null : $"of its {what}, {difference}";

    private static void Report(LoadContext context, BpfMapDefinition definition, BpfDiagnosticId id, BpfSeverity severity, string what, string cure)
    {
        string where = definition.PinPath is string path && !context.Options.ReuseMaps.ContainsKey(definition.Name) ? $"pinned at '{path}'" : "given for it";
        context.Report(id, severity, $"The map '{definition.Name}' was there before ({where}) and {what}.", new BpfLocation(definition.SectionName, null, definition.Name), cure: cure);
    }
}
