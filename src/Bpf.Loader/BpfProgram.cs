using System;
using System.Globalization;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;
using Bpf.Loader.Objects;

namespace Bpf.Loader;

/// <summary>
/// A program in the kernel. One that came out of an object file lives as long as its <see cref="BpfObject"/>; one that was opened
/// by number or by pin is the caller's to dispose. Links keep a program alive in the kernel beyond that.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed partial class BpfProgram : IDisposable
{
    internal BpfProgram(FileDescriptorHandle handle, BpfProgramDefinition definition)
    {
        Handle = handle;
        Definition = definition;
        Name = definition.Name;
        handle.Label = $"program '{Name}'";
        Type = definition.Type;
        ExpectedAttachType = definition.ExpectedAttachType;
    }

    private BpfProgram(FileDescriptorHandle handle, in ProgInfo info)
    {
        Handle = handle;
        Name = info.Name.ToString();
        handle.Label = $"program '{Name}'";
        Type = info.Type;
    }

    /// <summary>The name: as in the object file, or as the kernel has it, cut at 15 bytes.</summary>
    public string Name { get; }

    /// <summary>The type.</summary>
    public BpfProgramType Type { get; }

    /// <summary>The attach type that the program was loaded for; 0 when it needs none, or when the program was opened by number.</summary>
    public BpfAttachType ExpectedAttachType { get; }

    /// <summary>The section of the object file that the program is from, such as <c>tracepoint/sched/sched_process_exec</c>; empty without one.</summary>
    public string SectionName => Definition?.SectionName ?? "";

    /// <summary>The hash of the instructions, 16 hex digits: equal programs have equal tags.</summary>
    /// <exception cref="BpfException">The kernel does not tell.</exception>
    public string Tag => TagOf(ReadInfo());

    /// <summary>The number of the program on this system.</summary>
    /// <exception cref="BpfException">The kernel does not tell.</exception>
    public uint Id => ReadInfo().Id;

    internal FileDescriptorHandle Handle { get; }

    /// <summary>What the object file says of the program; null when it was opened by number or pin.</summary>
    internal BpfProgramDefinition? Definition { get; }

    /// <summary>Opens a program of this system by its number.</summary>
    /// <exception cref="BpfException">There is no such program, or the process lacks CAP_SYS_ADMIN.</exception>
    /// <remarks>Linux 4.13.</remarks>
    public static BpfProgram OpenById(uint id)
    {
        FileDescriptorHandle? handle = BpfSyscall.OpenById(BpfCommand.ProgGetFdById, id, 0, out Errno errno);
        return FromHandle(handle ?? throw Refusal.Of(BpfCommand.ProgGetFdById, errno, string.Create(CultureInfo.InvariantCulture, $"program {id}")));
    }

    /// <summary>Opens a pinned program.</summary>
    /// <param name="path">The path in a file system of type bpf, such as <c>/sys/fs/bpf/filter</c>.</param>
    /// <exception cref="BpfException">
    /// Nothing is pinned there, something else than a program is (<see cref="BpfDiagnosticId.PinnedOtherKind"/>), or the process may not open it.
    /// </exception>
    /// <remarks>Linux 4.4.</remarks>
    public static BpfProgram OpenPinned(string path) => FromHandle(PinnedObject.Open(path, DescriptorKind.Program));

    /// <summary>Pins the program: it stays loaded as long as the pin exists. Folders that are missing on the way are made.</summary>
    /// <param name="path">A path in a file system of type bpf, such as <c>/sys/fs/bpf/filter</c>; such a file system takes no names with dots.</param>
    /// <exception cref="BpfException">The path exists, has a name with a dot (<see cref="BpfDiagnosticId.BadPinPath"/>), or is not on such a file system.</exception>
    /// <remarks>Linux 4.4; CAP_BPF.</remarks>
    public void Pin(string path) => PinFile.Create(path, Handle, $"program '{Name}'");

    /// <summary>Removes a pin of the program, which lives on as long as something else holds it.</summary>
    /// <param name="path">The path, as it was given to <see cref="Pin"/>.</param>
    /// <exception cref="BpfException">
    /// The file cannot be removed: <see cref="Errno.ENOENT"/> when there is none, <see cref="Errno.ESTALE"/> when something else is pinned there.
    /// </exception>
    public void Unpin(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string what = $"program '{Name}'", full = PinPlace.Of(path, $"{what} at '{path}'").Path;
        Errno errno = PinFile.Unpin(full, Handle, DescriptorKind.Program, what);
        if (errno != Errno.None) throw new BpfException("unlink", errno, $"the pin '{full}' of {what}", null);
    }

    /// <summary>What the kernel tells of the program.</summary>
    /// <exception cref="BpfException">The kernel does not tell.</exception>
    /// <remarks>Linux 4.13.</remarks>
    public BpfProgramInfo GetInfo()
    {
        ProgInfo info = ReadInfo();
        return new BpfProgramInfo
        {
            Id = info.Id,
            Type = info.Type,
            Name = info.Name.ToString(),
            Tag = TagOf(info),
            XlatedLength = info.XlatedLength,
            JitedLength = info.JitedLength,
            VerifiedInstructions = info.VerifiedInstructions,
            LoadTime = TimeSpan.FromTicks((long)(info.LoadTime / TimeSpan.NanosecondsPerTick)),
            UserId = info.CreatedByUid,
            BtfId = info.BtfId,
            RunTime = TimeSpan.FromTicks((long)(info.RunTimeNanoseconds / TimeSpan.NanosecondsPerTick)),
            RunCount = info.RunCount,
            RecursionMisses = info.RecursionMisses,
            InterfaceIndex = info.IfIndex,
            MapIds = ReadMapIds(info.MapIdCount),
            IsGplCompatible = (info.GplCompatible & 1) != 0,
            AttachBtfId = info.AttachBtfId,
            AttachBtfObjectId = info.AttachBtfObjectId,
        };
    }

    /// <summary>Lets go of the program. It stays in the kernel while links, pins or prog arrays hold it.</summary>
    public void Dispose() => Handle.Dispose();

    /// <summary>Type and name, as in <c>Tracepoint handle_exec</c>.</summary>
    public override string ToString() => $"{Type} {Name}";

    // Takes the descriptor over; on failure it is closed.
    internal static BpfProgram FromHandle(FileDescriptorHandle handle)
    {
        Errno errno = BpfSyscall.GetProgramInfo(handle, out ProgInfo info);
        if (errno == Errno.None) return new BpfProgram(handle, in info);
        handle.Dispose();
        throw Refusal.Of(BpfCommand.ObjGetInfoByFd, errno, "a program");
    }

    private static string TagOf(in ProgInfo info) => Convert.ToHexStringLower(BitConverter.GetBytes(info.Tag));

    private ProgInfo ReadInfo()
    {
        Errno errno = BpfSyscall.GetProgramInfo(Handle, out ProgInfo info);
        return errno == Errno.None ? info : throw Refusal.Of(BpfCommand.ObjGetInfoByFd, errno, $"program '{Name}'");
    }
}
