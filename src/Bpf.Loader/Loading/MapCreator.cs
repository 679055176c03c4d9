using System.Runtime.Versioning;
using System.Text;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Loading;

/// <summary>Creates the maps of an object, or finds those that exist already, and fills them.</summary>
[SupportedOSPlatform("linux")]
internal static class MapCreator
{
    public static void CreateAll(LoadContext context)
    {
        foreach (BpfMapDefinition definition in context.File.Maps)
        {
            if (definition.AutoCreate && definition.IsInternal && !context.Features.Supports(KernelFeature.GlobalData))
            {
                // Programs that do not touch the variables still load.
                definition.AutoCreate = false;
                context.Report(BpfDiagnosticId.FeatureLeftOut, BpfSeverity.Warning, $"The map '{definition.Name}' of global variables is left out: this kernel has none (Linux 5.2 is the first).");
            }

            if (!definition.AutoCreate) continue;
            BpfMap map = Provide(context, definition, out bool isNew);
            context.Maps.Add(definition, map);
            if (isNew) MapContents.Fill(context, definition, map);
            if (definition.Type == BpfMapType.Arena) MapContents.MapArena(context, definition, map);
        }

        // Inner maps may be defined after the map that holds them.
        foreach (BpfMapDefinition definition in context.File.Maps)
        {
            if (definition.Type is BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps && context.Maps.TryGetValue(definition, out BpfMap? map))
                MapContents.FillInnerMaps(context, definition, map);
        }
    }

    private static BpfMap Provide(LoadContext context, BpfMapDefinition definition, out bool isNew)
    {
        isNew = false;
        Complete(definition);
        if (context.Options.ReuseMaps.TryGetValue(definition.Name, out BpfMap? given))
        {
            MapCompatibility.Check(definition, given.GetInfo(), "given for it");
            return given.Duplicate();
        }

        if (definition.PinPath is not { } path)
        {
            isNew = true;
            return Create(context, definition);
        }

        if (MapPinning.TryOpen(definition, path, out BpfMap? pinned)) return pinned;
        BpfMap created = Create(context, definition);
        if (MapPinning.TryPin(context, created, path))
        {
            isNew = true;
            return created;
        }

        // Another process pinned its map in between: that one counts.
        created.Dispose();
        return MapPinning.TryOpen(definition, path, out pinned) ? pinned : throw Refusal.Of(BpfCommand.ObjGet, Errno.ENOENT, $"map '{definition.Name}' at '{path}'");
    }

    /// <summary>Fills in what depends on the machine.</summary>
    private static void Complete(BpfMapDefinition definition)
    {
        if (definition is { Type: BpfMapType.PerfEventArray, MaxEntries: 0 }) definition.MaxEntries = (uint)PossibleCpus.Count;
        if (definition.InnerMap is not null) Complete(definition.InnerMap);
    }

    private static BpfMap Create(LoadContext context, BpfMapDefinition definition)
    {
        using FileDescriptorHandle? inner = definition.InnerMap is null ? null : CreateHandle(context, definition.InnerMap, null, $"the inner map of '{definition.Name}'");
        FileDescriptorHandle handle = CreateHandle(context, definition, inner, $"map '{definition.Name}'");
        try
        {
            return new BpfMap(handle, definition.Name, BpfMap.GetInfo(handle, definition.Name), context.File.Btf, definition.BtfKeyTypeId, definition.BtfValueTypeId);
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
        if (definition.IsInternal && (flags & BpfMapFlags.Mmapable) != 0 && !context.Features.Supports(KernelFeature.ArrayMmap)) flags &= ~BpfMapFlags.Mmapable;
        bool hasBtf = context.Btf is not null && TakesBtf(definition.Type);
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
            Name = context.Features.Supports(KernelFeature.ProgramName) ? Encoding.UTF8.GetBytes(definition.KernelName) : default,
            InnerMap = inner,
            Btf = hasBtf ? context.Btf : null,
            BtfKeyTypeId = hasBtf ? (uint)definition.BtfKeyTypeId.Value : 0,
            BtfValueTypeId = hasBtf && definition.Type != BpfMapType.StructOps ? (uint)definition.BtfValueTypeId.Value : 0,
            Token = context.Token,
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

        return handle ?? throw Refusal.OfMap(definition.Type, errno, what, context.Delegation?.ExplainMap(definition.Type, errno) ?? MapHint.For(definition, errno));
    }

    /// <summary>These types refuse to know what their keys and values are.</summary>
    private static bool TakesBtf(BpfMapType type) => type is not (
        BpfMapType.PerfEventArray or BpfMapType.CgroupArray or BpfMapType.StackTrace or BpfMapType.ArrayOfMaps or BpfMapType.HashOfMaps
        or BpfMapType.DevMap or BpfMapType.DevMapHash or BpfMapType.CpuMap or BpfMapType.XskMap or BpfMapType.SockMap or BpfMapType.SockHash
        or BpfMapType.Queue or BpfMapType.Stack or BpfMapType.Arena);
}
