using System;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Bpf.Loader.Interop;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Links.Network;

/// <summary>XDP as it was attached before 5.9: by netlink, without a link object.</summary>
[SupportedOSPlatform("linux")]
internal static class XdpNetlink
{
    /// <summary>XDP_FLAGS_REPLACE (5.7): only if a certain program is there.</summary>
    public const uint ReplaceFlag = 1 << 4;

    /// <summary>XDP_FLAGS_UPDATE_IF_NOEXIST: only if none is there.</summary>
    public const uint IfNoneFlag = 1 << 0;

    private const ushort GetLink = 18, SetLink = 19, NewLink = 16;
    private const ushort XdpAttribute = 43; // IFLA_XDP
    private const ushort Fd = 1, Attached = 2, Flags = 3, ProgramId = 4, DriverProgramId = 5, GenericProgramId = 6, HardwareProgramId = 7, ExpectedFd = 8;

    /// <summary>Sets the program of a device, or takes it away.</summary>
    /// <param name="socket">A socket of the device's namespace.</param>
    /// <param name="interfaceIndex">The device.</param>
    /// <param name="program">The program, or none.</param>
    /// <param name="flags">The mode, and <see cref="IfNoneFlag"/>.</param>
    /// <param name="expected">The program that must be there, or none.</param>
    /// <param name="reason">What the kernel says of a refusal.</param>
    public static Errno Set(
        NetlinkSocket socket, int interfaceIndex, FileDescriptorHandle? program, uint flags, FileDescriptorHandle? expected, out string? reason)
    {
        using var programUse = new HandleUse(program);
        using var expectedUse = new HandleUse(expected);
        uint fd = program is null ? uint.MaxValue : programUse.Unsigned, expectedFd = expectedUse.Unsigned;
        if (expected is not null) flags |= ReplaceFlag;
        NetlinkMessage message = new NetlinkMessage(SetLink, NetlinkFlags.None)
            .Header(new InterfaceHeader { Index = interfaceIndex })
            .Nested(XdpAttribute, xdp =>
            {
                xdp.Attribute(Fd, fd);
                if (flags != 0) xdp.Attribute(Flags, flags);
                if (expected is not null) xdp.Attribute(ExpectedFd, expectedFd);
            });
        return socket.Ask(message, null, out reason);
    }

    /// <summary>Puts another program, or none, in the place of a certain one; EEXIST when that is not there.</summary>
    /// <param name="socket">A socket of the device's namespace.</param>
    /// <param name="interfaceIndex">The device.</param>
    /// <param name="program">The program that is there.</param>
    /// <param name="next">The program that shall be there, or none.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="reason">What the kernel says of a refusal.</param>
    public static Errno Replace(NetlinkSocket socket, int interfaceIndex, FileDescriptorHandle program, FileDescriptorHandle? next, uint mode, out string? reason)
    {
        Errno errno = Set(socket, interfaceIndex, next, mode, program, out reason);
        if (errno != Errno.EINVAL) return errno;

        // Before 5.7 the kernel cannot make sure that it is the one; then it is looked at before.
        if (BpfSyscall.GetProgramInfo(program, out ProgInfo info) != Errno.None) return errno;
        Errno query = Query(socket, interfaceIndex, out XdpState state);
        if (query != Errno.None) return query;
        return state.Has(info.Id) ? Set(socket, interfaceIndex, next, mode, null, out reason) : Errno.EEXIST;
    }

    /// <summary>Tells which programs a device has.</summary>
    public static Errno Query(NetlinkSocket socket, int interfaceIndex, out XdpState state)
    {
        var found = new XdpState();
        Errno errno = socket.Ask(
            new NetlinkMessage(GetLink, NetlinkFlags.None).Header(new InterfaceHeader { Index = interfaceIndex }),
            (type, payload) =>
            {
                if (type == NewLink && TryRead(payload, out _, out _, out XdpState read)) found = read;
            },
            out _);
        state = found;
        return errno;
    }

    /// <summary>Tells which programs each device of the namespace has.</summary>
    /// <param name="socket">A socket of the namespace.</param>
    /// <param name="handler">Is given each device's number, name and programs.</param>
    public static Errno QueryAll(NetlinkSocket socket, Action<int, string, XdpState> handler)
    {
        return socket.Ask(
            new NetlinkMessage(GetLink, NetlinkFlags.Dump).Header(new InterfaceHeader()),
            (type, payload) =>
            {
                if (type == NewLink && TryRead(payload, out int index, out string name, out XdpState state)) handler(index, name, state);
            },
            out _);
    }

    /// <summary>Reads what the kernel says of a device: its number, its name and its programs.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> payload, out int index, out string name, out XdpState state)
    {
        state = default;
        NetworkDevice? device = NetworkDevice.Read(payload);
        (index, name) = (device?.Index ?? 0, device?.Name ?? "");
        if (device is not null && NetlinkAttribute.TryFind(payload[Unsafe.SizeOf<InterfaceHeader>()..], XdpAttribute, out NetlinkAttribute xdp)) state = Read(xdp.Value);
        return device is not null;
    }

    private static XdpState Read(ReadOnlySpan<byte> attributes)
    {
        var state = new XdpState();
        while (NetlinkAttribute.TryRead(ref attributes, out NetlinkAttribute attribute))
        {
            state = attribute.Type switch
            {
                Attached => state with { AttachedMode = attribute.Value.IsEmpty ? (byte)0 : attribute.Value[0] },
                ProgramId => state with { ProgramId = attribute.UInt32 },
                DriverProgramId => state with { NativeProgramId = attribute.UInt32 },
                GenericProgramId => state with { GenericProgramId = attribute.UInt32 },
                HardwareProgramId => state with { OffloadedProgramId = attribute.UInt32 },
                _ => state,
            };
        }

        // With one program only, the kernel tells just its id and the mode.
        return state.AttachedMode switch
        {
            1 => state with { NativeProgramId = state.ProgramId },
            2 => state with { GenericProgramId = state.ProgramId },
            3 => state with { OffloadedProgramId = state.ProgramId },
            _ => state,
        };
    }
}
