using System;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Btf;
using Bpf.Loader.Interop;
using Bpf.Loader.Kernel;

namespace Bpf.Loader.Loading;

/// <summary>
/// A BPF token (Linux 6.9): the right to use bpf(2), which a privileged process delegates to a user namespace by mounting a bpf
/// file system for it.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class BpfToken : IDisposable
{
    private const string DefaultPath = "/sys/fs/bpf";
    private const string PathVariable = "LIBBPF_BPF_TOKEN_PATH"; // the name that agents built on libbpf are deployed with

    private readonly string _path;
    private readonly ulong? _mount;

    private BpfToken(FileDescriptorHandle handle, string path, ulong? mount)
    {
        Handle = handle;
        _path = path;
        _mount = mount;
    }

    /// <summary>What the commands of bpf(2) take.</summary>
    public FileDescriptorHandle Handle { get; }

    /// <summary>Makes a token from a bpf file system.</summary>
    /// <param name="path">The file system; null tries the environment and the usual place, an empty text never tries.</param>
    /// <returns>The token; null when the usual place delegates nothing.</returns>
    /// <exception cref="BpfException">The file system was named, and gives no token.</exception>
    public static BpfToken? Open(string? path)
    {
        path ??= Environment.GetEnvironmentVariable(PathVariable);
        if (path is { Length: 0 }) return null;
        using FileDescriptorHandle? directory = KernelFile.OpenDirectory(path ?? DefaultPath, out Errno errno);
        if (directory is null)
            return path is null ? null : throw new BpfException("open", errno, $"bpf file system '{path}'", "Give the mount point of a bpf file system that was delegated to this process.", BpfDiagnosticId.NoToken);
        FileDescriptorHandle? token = BpfSyscall.TokenCreate(directory, out errno);
        if (token is not null) return new BpfToken(token, path ?? DefaultPath, DescriptorInfo.Read("self", directory.Number)?["mnt_id"]);
        return path is null ? null : throw Refusal.Of(BpfCommand.TokenCreate, errno, $"bpf file system '{path}'", HintFor(errno));
    }

    public void Dispose() => Handle.Dispose();

    /// <summary>What the token lacks for a command; null when it is not that.</summary>
    public string? ExplainCommand(BpfCommand command, Errno errno)
        => errno == Errno.EPERM && ReadDelegation() is { } delegation ? Missing(delegation, command) : null;

    /// <summary>What the token lacks for a map; null when it is not that.</summary>
    public string? ExplainMap(BpfMapType type, Errno errno)
    {
        if (errno != Errno.EPERM || ReadDelegation() is not { } delegation) return null;
        return Missing(delegation, BpfCommand.MapCreate) ?? Missing(delegation, TokenDelegation.Maps, (uint)type, "bpf_map_type"u8, "BPF_MAP_TYPE_", "maps of type");
    }

    /// <summary>What the token lacks for a program; null when it is not that.</summary>
    public string? ExplainProgram(BpfProgramType type, BpfAttachType expectedAttachType, Errno errno)
    {
        if (errno != Errno.EPERM || ReadDelegation() is not { } delegation) return null;
        return Missing(delegation, BpfCommand.ProgLoad)
            ?? Missing(delegation, TokenDelegation.Programs, (uint)type, "bpf_prog_type"u8, "BPF_PROG_TYPE_", "programs of type")
            ?? Missing(
                delegation, TokenDelegation.Attachments, (uint)expectedAttachType, "bpf_attach_type"u8, "BPF_",
                expectedAttachType == 0 ? "attach type 0, which stands for none too," : "attach type");
    }

    private static string? HintFor(Errno errno) => errno switch
    {
        Errno.ENOENT => "It delegates nothing: mount it with delegate_cmds, delegate_maps, delegate_progs and delegate_attachs.",
        Errno.EPERM => ProcessRights.Explain([Capability.Bpf]) ?? "The process has CAP_BPF: the mount belongs to another user namespace than the process.",
        Errno.EOPNOTSUPP => "It belongs to the initial user namespace, where capabilities do without a token: leave the path out.",
        Errno.EINVAL => "The path must be the mount point of a file system of type bpf, and the kernel 6.9 or later.",
        _ => null,
    };

    private string? Missing(TokenDelegation delegation, BpfCommand command)
        => Missing(delegation, TokenDelegation.Commands, (uint)command, "bpf_cmd"u8, "BPF_", "the command");

    private string? Missing(TokenDelegation delegation, string kind, ulong value, ReadOnlySpan<byte> enumeration, string prefix, string what)
    {
        string word = FindWord(enumeration, value, prefix) ?? value.ToString(CultureInfo.InvariantCulture);
        return delegation.Includes(kind, value, word) ? null
            : $"The token of '{_path}' does not delegate {what} {word}: have '{word}' added to {kind} of its mount, where {delegation.Describe(kind)}.";
    }

    // The kernel writes the options with the words of its own BTF, and as masks where it has none.
    private static string? FindWord(ReadOnlySpan<byte> enumeration, ulong value, string prefix)
    {
        if (!KernelBtf.TryGetVmlinux(out BtfReader? btf) || !btf.Index.TryFind(enumeration, BtfKind.Enum, out BtfTypeId id)) return null;
        foreach (BtfEnumerator enumerator in btf[id].Enumerators)
        {
            if ((ulong)enumerator.Value == value && enumerator.Name.StartsWith(prefix, StringComparison.Ordinal)) return enumerator.Name[prefix.Length..].ToLowerInvariant();
        }

        return null;
    }

    private TokenDelegation? ReadDelegation()
        => _mount is ulong mount && BpfMounts.FindOptions(mount) is string options ? TokenDelegation.Parse(options) : null;
}
