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
    /// <summary>Opens the map that is pinned under a path, if there is one.</summary>
    /// <exception cref="BpfException">It differs from the definition, or may not be opened.</exception>
    public static bool TryOpen(BpfMapDefinition definition, string path, [NotNullWhen(true)] out BpfMap? map)
    {
        map = null;
        FileDescriptorHandle? handle = BpfSyscall.ObjectGet(path, 0, out Errno errno);
        if (handle is null)
        {
            return errno == Errno.ENOENT
                ? false
                : throw Refusal.Of(BpfCommand.ObjGet, errno, $"map '{definition.Name}' at '{path}'");
        }

        try
        {
            if (!DescriptorKind.MayBe(handle, DescriptorKind.Map))
                throw new BpfException(BpfCommand.ObjGet, Errno.EINVAL, $"map '{definition.Name}' at '{path}'", $"What is pinned there is not a map but a {DescriptorKind.Of(handle)}: remove it, or pin under another name.", BpfDiagnosticId.PinRefused);
            var info = BpfMap.GetInfo(handle, definition.Name);
            MapCompatibility.Check(definition, info, $"pinned at '{path}'", static id => UsersOf(id));
            map = new BpfMap(handle, definition.Name, info, definition.Owner?.Btf, definition.BtfKeyTypeId, definition.BtfValueTypeId) { PinPath = path };
            return true;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
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

    /// <summary>Pins a map, creating the directory when it is missing.</summary>
    /// <returns>False when something is pinned there by now.</returns>
    /// <exception cref="BpfException">The path is not on a bpf file system, or may not be written.</exception>
    public static bool TryPin(LoadContext context, BpfMap map, string path)
    {
        string directory = Path.GetDirectoryName(path) is { Length: > 0 } parent ? parent : "/";
        Errno errno = KernelFile.MakeDirectory(directory);
        if (errno is not (Errno.None or Errno.EEXIST)) throw new BpfException("mkdir", errno, $"'{directory}'", "It is needed to pin a map in it.", BpfDiagnosticId.PinRefused);
        errno = FileSystems.GetMagic(directory, out uint magic);
        if (errno != Errno.None || magic != FileSystems.Bpf)
        {
            map.Dispose();
            throw new BpfException(BpfCommand.ObjPin, Errno.EINVAL, $"map '{map.Name}'", $"'{directory}' is not on a bpf file system: mount one with 'mount -t bpf bpf /sys/fs/bpf', or pin elsewhere.", BpfDiagnosticId.PinRefused);
        }

        errno = BpfSyscall.ObjectPin(path, map.Handle);
        if (errno == Errno.EEXIST) return false;
        if (errno != Errno.None)
        {
            map.Dispose();
            throw Refusal.Of(BpfCommand.ObjPin, errno, $"map '{map.Name}' at '{path}'");
        }

        context.NewPins.Add(path);
        map.PinPath = path;
        return true;
    }
}
