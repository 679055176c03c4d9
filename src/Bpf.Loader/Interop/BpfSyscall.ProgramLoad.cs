using System;
using Bpf.Loader.Interop.Uapi;

namespace Bpf.Loader.Interop;

internal static unsafe partial class BpfSyscall
{
    private const int BytesPerInstruction = 8;

    // The kernel gives up with EAGAIN when a signal is pending while it verifies; the runtime's own signals count. Then none comes
    // any more; what is left are stops by a debugger or a freezer.
    private const int ProgramLoadAttempts = 5;

    /// <summary>BPF_PROG_LOAD: the program, or <see langword="null"/> and why not.</summary>
    /// <returns>ENOSPC when the log does not fit.</returns>
    public static FileDescriptorHandle? ProgramLoad(in ProgramLoadRequest request, out Errno errno)
        => ProgramLoad(request, out errno, out _);

    /// <summary>BPF_PROG_LOAD, with the length that the log would have had (6.4; else 0).</summary>
    public static FileDescriptorHandle? ProgramLoad(in ProgramLoadRequest request, out Errno errno, out uint logTrueSize)
    {
        ReadOnlySpan<byte> license = request.License.IsEmpty ? "\0"u8 : request.License;
        if (license[^1] != 0)
            throw new ArgumentException("The licence does not end in a zero.", nameof(request));

        using var btf = new HandleUse(request.Btf);
        using var target = new HandleUse(request.AttachTarget);
        using var token = new HandleUse(request.Token);
        fixed (byte* instructions = request.Instructions, licensePointer = license, log = request.Log, signature = request.Signature)
        fixed (byte* funcInfo = request.FuncInfo, lineInfo = request.LineInfo)
        fixed (int* fdArray = request.FdArray)
        {
            var attribute = new ProgLoadAttr
            {
                ProgType = request.Type,
                InsnCnt = (uint)(request.Instructions.Length / BytesPerInstruction),
                Insns = Address(instructions),
                License = Address(licensePointer),
                LogLevel = request.LogLevel,
                LogSize = (uint)request.Log.Length,
                LogBuf = Address(log),
                KernVersion = request.KernelVersion,
                ProgFlags = request.Flags,
                ProgName = ObjectName.From(request.Name),
                ProgIfIndex = request.IfIndex,
                ExpectedAttachType = request.ExpectedAttachType,
                ProgBtfFd = btf.Unsigned,
                FuncInfoRecSize = request.FuncInfoRecordSize,
                FuncInfo = Address(funcInfo),
                FuncInfoCnt = Count(request.FuncInfo, request.FuncInfoRecordSize),
                LineInfoRecSize = request.LineInfoRecordSize,
                LineInfo = Address(lineInfo),
                LineInfoCnt = Count(request.LineInfo, request.LineInfoRecordSize),
                AttachBtfId = request.AttachBtfId,
                AttachProgFd = target.Unsigned,
                FdArray = Address(fdArray),
                FdArrayCnt = request.CountFdArray ? (uint)request.FdArray.Length : 0,
                Signature = Address(signature),
                SignatureSize = (uint)request.Signature.Length,
                KeyringId = request.Keyring,
            };
            if (request.Token is not null)
            {
                attribute.ProgFlags |= BpfProgramFlags.TokenFd;
                attribute.ProgTokenFd = token.Descriptor;
            }

            return ProgramLoad(ref attribute, out errno, out logTrueSize);
        }
    }

    private static FileDescriptorHandle? ProgramLoad(ref ProgLoadAttr attribute, out Errno errno, out uint logTrueSize)
    {
        int fd = Call(BpfCommand.ProgLoad, ref attribute, ProgLoadAttr.WireSize, out errno);
        if (errno == Errno.EAGAIN)
        {
            using SignalBlock quiet = SignalBlock.Begin();
            for (int attempts = 1; errno == Errno.EAGAIN && attempts < ProgramLoadAttempts; attempts++)
                fd = Call(BpfCommand.ProgLoad, ref attribute, ProgLoadAttr.WireSize, out errno);
        }

        logTrueSize = attribute.LogTrueSize;
        return fd < 0 ? null : FileDescriptorHandle.Adopt(fd);
    }

    private static uint Count(ReadOnlySpan<byte> records, uint recordSize)
        => recordSize == 0 ? 0 : (uint)records.Length / recordSize;
}
