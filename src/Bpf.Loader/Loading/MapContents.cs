using System;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Loading;

/// <summary>Puts into new maps what the object says is in them.</summary>
[SupportedOSPlatform("linux")]
internal static class MapContents
{
    /// <summary>The variables of data sections; constants are frozen, so that the verifier may rely on them.</summary>
    public static void Fill(LoadContext context, BpfMapDefinition definition, BpfMap map)
    {
        if (!definition.IsInternal) return;
        if (definition.HasInitialValue)
        {
            int key = 0;
            Errno errno = BpfSyscall.MapUpdate(map.Handle, in MemoryMarshal.AsBytes(new Span<int>(ref key))[0], in definition.InitialValue.Span[0], 0);
            if (errno != Errno.None) throw Refusal.Of(BpfCommand.MapUpdateElement, errno, $"map '{map.Name}'", "It should take the initial values of variables.", BpfDiagnosticId.MapContentsRefused);
        }

        if (definition.Kind is not (BpfMapKind.ReadOnlyData or BpfMapKind.KernelConfig)) return;
        Errno frozen = BpfSyscall.MapFreeze(map.Handle);
        if (frozen != Errno.None) throw Refusal.Of(BpfCommand.MapFreeze, frozen, $"map '{map.Name}'", "It holds constants, which the verifier relies on only when nobody can change them.", BpfDiagnosticId.MapContentsRefused);
    }

    /// <summary>Maps a new arena, at its fixed address when it has one, and copies its globals in.</summary>
    /// <returns>The mapping, which goes with the object.</returns>
    public static ArenaUse MapArena(LoadContext context, BpfMapDefinition definition, BpfMap map)
    {
        ArenaMemory memory = MappedArena.Map(map, out Errno errno) ?? throw MappedArena.Refused(map, errno);
        var use = new ArenaUse(memory);
        context.Mappings.Add(use);
        if (definition.HasInitialValue) definition.InitialValue.Span.CopyTo(memory.Borrow((nuint)ArenaOffset(context, definition), definition.InitialValue.Length));
        return use;
    }

    /// <summary>
    /// Where an arena's globals are: at its end, out of the way of what programs allocate from its start, where the kernel lets
    /// instructions hold so large an offset; else at its start.
    /// </summary>
    public static long ArenaOffset(LoadContext context, BpfMapDefinition definition)
    {
        if (definition.InitialValue.IsEmpty || !context.Features.Expects(Kernel.KernelFeature.LoadImmediate64FullRange)) return 0;
        long page = Environment.SystemPageSize;
        long globals = (definition.InitialValue.Length + page - 1) / page * page;
        return (page * definition.MaxEntries) - globals;
    }

    /// <summary>The initial maps of a map of maps.</summary>
    public static void FillInnerMaps(LoadContext context, BpfMapDefinition definition, BpfMap outer)
    {
        foreach (BpfMapSlot slot in definition.InitialSlots)
        {
            if (slot.Map is null || !context.Maps.TryGetValue(slot.Map, out BpfMap? inner)) continue;
            Put(outer, slot.Index, inner.Handle, $"map '{inner.Name}'");
        }
    }

    /// <summary>The initial programs of a program array.</summary>
    public static void FillPrograms(LoadContext context, BpfMapDefinition definition, BpfMap array)
    {
        foreach (BpfMapSlot slot in definition.InitialSlots)
        {
            if (slot.Program is null || !context.Programs.TryGetValue(slot.Program, out BpfProgram? program)) continue;
            if (!context.OwnMaps.Contains(definition)) context.Replaced.Add(ProgramSlot.Take(context, array, slot.Index, program));
            Put(array, slot.Index, program.Handle, $"program '{program.Name}'");
        }
    }

    private static void Put(BpfMap map, uint index, FileDescriptorHandle handle, string what)
    {
        using HandleUse use = handle.Use();
        uint key = index;
        int value = use.Descriptor;
        Errno errno = BpfSyscall.MapUpdate(
            map.Handle, in MemoryMarshal.AsBytes(new Span<uint>(ref key))[0], in MemoryMarshal.AsBytes(new Span<int>(ref value))[0], 0);
        if (errno != Errno.None) throw Refusal.Of(BpfCommand.MapUpdateElement, errno, $"map '{map.Name}'", $"It should take {what} at index {index}, as the object says.", BpfDiagnosticId.MapContentsRefused);
    }
}
