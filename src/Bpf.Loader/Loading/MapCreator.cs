using System.Collections.Generic;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Kernel.Abilities;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Loading;

/// <summary>Creates the maps of an object, or finds those that exist already, and fills them.</summary>
[SupportedOSPlatform("linux")]
internal static class MapCreator
{
    public static void CreateAll(LoadContext context)
    {
        var withInnerMaps = new List<BpfMapDefinition>();
        foreach (BpfMapDefinition definition in context.File.Maps)
        {
            if (definition.AutoCreate && definition.IsInternal && context.Features.Lacks(KernelFeature.GlobalData))
            {
                // Programs that do not touch the variables still load.
                definition.AutoCreate = false;
                context.Report(BpfDiagnosticId.FeatureLeftOut, BpfSeverity.Warning, $"The map '{definition.Name}' of global variables is left out.", cause: "This kernel has no global variables; Linux 5.2 is the first.");
            }

            if (!definition.AutoCreate) continue;
            if (Find(context, definition) is BpfMap found)
            {
                // What lives is not touched: it keeps its contents, and is mapped when somebody asks for it.
                context.Maps.Add(definition, found);
                ReusedMap.Report(context, definition, found);
                continue;
            }

            BpfMap map = Create(context, definition);
            context.Maps.Add(definition, map);
            if (definition.PinPath is null) context.OwnMaps.Add(definition);
            MapContents.Fill(context, definition, map);
            ArenaUse? arena = definition.Type == BpfMapType.Arena ? MapContents.MapArena(context, definition, map) : null;
            if (HasInnerMaps(definition)) withInnerMaps.Add(definition);
            else if (!Pin(context, definition)) arena?.Dispose();
        }

        // Inner maps may be defined after the map that holds them. Others see a map when all is in it, and not before.
        foreach (BpfMapDefinition definition in withInnerMaps)
        {
            MapContents.FillInnerMaps(context, definition, context.Maps[definition]);
            Pin(context, definition);
        }
    }

    /// <summary>Finds the map that was there before; null when the object is to have a new one.</summary>
    private static BpfMap? Find(LoadContext context, BpfMapDefinition definition)
    {
        BpfMapRules.Complete(definition, static () => PossibleCpus.Count);
        if (context.Options.ReuseMaps.TryGetValue(definition.Name, out BpfMap? given))
        {
            MapCompatibility.Check(definition, given.GetInfo(), "given for it");
            given.MayBeWritten();
            return given.Duplicate();
        }

        if (definition.PinPath is not { } path) return null;
        MapPinning.CheckName(definition);
        return MapPinning.TryOpen(definition, path, out BpfMap? pinned) ? pinned : null;
    }

    /// <summary>Pins a new map if it is to be pinned.</summary>
    /// <returns>False when another process has pinned its map in between: that one counts.</returns>
    private static bool Pin(LoadContext context, BpfMapDefinition definition)
    {
        if (definition.PinPath is not { } path) return true;
        BpfMap created = context.Maps[definition], pinned = MapPinning.Pin(context, definition, created, path);
        if (ReferenceEquals(created, pinned)) return true;
        context.Maps[definition] = pinned;
        ReusedMap.Report(context, definition, pinned);
        return false;
    }

    private static bool HasInnerMaps(BpfMapDefinition definition) => definition.Type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps;

    private static BpfMap Create(LoadContext context, BpfMapDefinition definition)
    {
        using FileDescriptorHandle? inner = definition.InnerMap is null ? null : CreateHandle(context, definition.InnerMap, null, $"the inner map of '{definition.Name}'");
        FileDescriptorHandle handle = CreateHandle(context, definition, inner, $"map '{definition.Name}'");
        try
        {
            return new BpfMap(handle, definition.Name, BpfMap.GetInfo(handle, definition.Name), context.File.Btf, definition.BtfKeyTypeId, definition.BtfValueTypeId) { RecordType = context.File.FindRecordType(definition.Name) };
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static FileDescriptorHandle CreateHandle(LoadContext context, BpfMapDefinition definition, FileDescriptorHandle? inner, string what)
    {
        BpfMapFlags flags = definition.Flags;
        if (definition.IsInternal && (flags & BpfMapFlags.Mmapable) != 0 && !context.Features.Expects(KernelFeature.ArrayMmap)) flags &= ~BpfMapFlags.Mmapable;
        bool hasBtf = context.Btf is not null && ObjectTypes.AreTakenBy(definition.Type) && !IsEmptySection(context, definition);
        var request = new MapCreateRequest
        {
            Type = definition.Type,
            KeySize = definition.KeySize,
            ValueSize = definition.ValueSize,
            MaxEntries = definition.MaxEntries,
            Flags = flags,
            MapExtra = definition.MapExtra,
            NumaNode = definition.NumaNode,
            IfIndex = definition.InterfaceIndex,
            Name = context.Features.Expects(KernelFeature.ProgramName) ? KernelObjectName.Encode(definition.KernelName) : default,
            InnerMap = inner,
            Btf = hasBtf ? context.Btf : null,
            BtfKeyTypeId = hasBtf ? (uint)definition.BtfKeyTypeId.Value : 0,
            BtfValueTypeId = hasBtf && definition.Type != BpfMapType.StructOps ? (uint)definition.BtfValueTypeId.Value : 0,
            Token = context.Token,
            ExclusiveProgramHash = definition.ExclusiveProgram is { } owner ? ExclusiveMap.Hash(context, definition, owner) : default,
        };

        if (context.StructOps.TryGetValue(definition, out StructOpsImage? image))
        {
            request.BtfVmlinuxValueTypeId = (uint)image.ValueTypeId.Value;
            request.ValueTypeBtf = image.Module is null ? null : context.Kernel.GetModuleHandle(image.Module);
        }

        FileDescriptorHandle? handle = BpfSyscall.MapCreate(request, out Errno errno);
        if (handle is null && (request.BtfKeyTypeId != 0 || request.BtfValueTypeId != 0))
        {
            // Types are for the readers of dumps; most maps do without.
            Errno first = errno;
            request.Btf = null;
            request.BtfKeyTypeId = request.BtfValueTypeId = 0;
            handle = BpfSyscall.MapCreate(request, out errno);
            if (handle is not null)
                context.Report(BpfDiagnosticId.MapBtfRefused, BpfSeverity.Warning, $"The kernel refused {what} with the types of its keys and values ({first}) and took it without.", new BpfLocation(definition.SectionName, null, definition.Name));
        }

        return handle ?? throw Explain(context, definition, flags, errno, what);
    }

    // Of texts alone, on kernels that take no such sections: there, it went to the kernel as a struct, which globals cannot be of.
    private static bool IsEmptySection(LoadContext context, BpfMapDefinition definition) =>
        definition.IsInternal && !definition.BtfValueTypeId.IsVoid && !context.Features.Expects(KernelFeature.BtfEmptyDataSection)
        && context.File.Btf![definition.BtfValueTypeId] is { Kind: BtfKind.DataSection, VariableLength: 0 };

    private static BpfException Explain(LoadContext context, BpfMapDefinition definition, BpfMapFlags flags, Errno errno, string what)
    {
        if (ExclusiveMap.Explain(definition, errno) is { } missing) return missing;
        if (errno == Errno.EINVAL && HasInnerMaps(definition) && definition.InnerMap is null)
            return Refusal.OfMap(definition.Type, errno, what, "Define what its inner maps are like with __array(values, ...), or give one in code.");
        var question = new MapQuestion(definition.Type, definition.KeySize, definition.ValueSize, definition.MaxEntries, flags, definition.MapExtra);
        string? hint = context.Delegation?.ExplainMap(definition.Type, errno);

        // What the rights of the process are short of is said for the whole object; what a limit of memory forbids, for this map.
        if (errno == Errno.EPERM && hint is null && ProcessRights.Missing(context.NeededCapabilities).Count > 0) hint = Refusal.HintFor(BpfCommand.MapCreate, errno, context.NeededCapabilities);
        return MapFailure.Of(question, errno, what, definition.KernelName, hint);
    }
}
