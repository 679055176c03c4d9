using System.Diagnostics.CodeAnalysis;
using System.IO;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Maps;
using Bpf.Loader.Objects;

namespace Bpf.Loader.Loading;

/// <summary>Maps that outlive the process, under a path of a bpf file system.</summary>
[SupportedOSPlatform("linux")]
internal static class MapPinning
{
    /// <summary>Refuses a map that is pinned by a name that is none for a file: with <c>..</c> it would be somebody else's file.</summary>
    /// <exception cref="BpfFormatException">The name cannot be that of a pin.</exception>
    public static void CheckName(BpfMapDefinition definition)
    {
        if (!definition.IsPinPathOfName) return;
        if (PinPlace.WhyBadFile(definition.Name) is not string why) return;
        throw new BpfFormatException(
            $"The map '{definition.Name}' is pinned by its name, which cannot be that of a file. {why} Rename the map, or set its {nameof(BpfMapDefinition.PinPath)} before the load.",
            definition.SectionName, (long)definition.SectionOffset, BpfDiagnosticId.BadPinName);
    }

    /// <summary>Opens the map that is pinned under a path, if there is one.</summary>
    /// <exception cref="BpfException">It differs from the definition, or may not be opened.</exception>
    public static bool TryOpen(BpfMapDefinition definition, string path, [NotNullWhen(true)] out BpfMap? map)
    {
        map = null;
        FileDescriptorHandle? handle = PinnedObject.TryOpen(path, DescriptorKind.Map, $"map '{definition.Name}' at '{path}'");
        if (handle is null) return false;
        try
        {
            var info = BpfMap.GetInfo(handle, definition.Name);
            MapCompatibility.Check(definition, info, $"pinned at '{path}'", static id => UsersOf(id));
            map = new BpfMap(handle, definition.Name, info, definition.Owner?.Btf, definition.BtfKeyTypeId, definition.BtfValueTypeId) { PinPath = Path.GetFullPath(path) };
            return true;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Pins a new map where its definition says, or takes the one that another process has pinned there meanwhile.</summary>
    /// <returns>The map to use; another than the given one, which is then closed, when somebody was faster.</returns>
    /// <exception cref="BpfException">The path is not on a bpf file system, or may not be written.</exception>
    public static BpfMap Pin(LoadContext context, BpfMapDefinition definition, BpfMap map, string path)
    {
        if (PinFile.TryCreate(path, map.Handle, $"map '{map.Name}'") is { } pin)
        {
            context.NewPins.Add(pin);
            map.PinPath = pin.Path;
            return map;
        }

        if (!TryOpen(definition, path, out BpfMap? pinned)) throw Refusal.Of(BpfCommand.ObjGet, Errno.ENOENT, $"map '{definition.Name}' at '{path}'");
        map.Dispose();
        return pinned;
    }

    private static string UsersOf(uint map)
    {
        try
        {
            return BpfMapUsers.FindOf(map).ToString();
        }
        catch (BpfException)
        {
            // Without CAP_SYS_ADMIN it stays unknown; the difference is what counts.
            return "";
        }
    }
}
