using System;

namespace Bpf.Loader.Interop;

/// <summary>What BPF_PROG_LOAD takes. What is left at zero does not exist for the kernel.</summary>
/// <remarks>The caller keeps alive the maps, BTF and programs whose numbers stand in the instructions and in <see cref="FdArray"/>.</remarks>
internal ref struct ProgramLoadRequest
{
    public BpfProgramType Type;
    public BpfAttachType ExpectedAttachType;
    public BpfProgramFlags Flags;

    /// <summary>UTF-8; cut at 15 bytes. The kernel takes letters, digits, <c>_</c> and <c>.</c> only.</summary>
    public ReadOnlySpan<byte> Name;

    /// <summary>Instructions of 8 bytes in the machine's order.</summary>
    public ReadOnlySpan<byte> Instructions;

    /// <summary>UTF-8 that ends in a zero; empty is the empty licence.</summary>
    public ReadOnlySpan<byte> License;

    public uint KernelVersion;
    public uint IfIndex;

    public FileDescriptorHandle? Btf;
    public ReadOnlySpan<byte> FuncInfo;
    public uint FuncInfoRecordSize;
    public ReadOnlySpan<byte> LineInfo;
    public uint LineInfoRecordSize;

    public uint AttachBtfId;

    /// <summary>The program, or the module's BTF, that <see cref="AttachBtfId"/> is an id of; none is the kernel's own BTF.</summary>
    public FileDescriptorHandle? AttachTarget;

    /// <summary>Descriptors that the instructions refer to by index.</summary>
    public ReadOnlySpan<int> FdArray;

    /// <summary>Tells the kernel the length of <see cref="FdArray"/> too (6.14), which then keeps all its members alive.</summary>
    public bool CountFdArray;

    /// <summary>Sets BPF_F_TOKEN_FD (6.9).</summary>
    public FileDescriptorHandle? Token;

    /// <summary>PKCS#7 over the instructions (6.18), and the contents of the maps of <see cref="FdArray"/> (7.3); empty for none.</summary>
    public ReadOnlySpan<byte> Signature;

    /// <summary>The ring of keys that the signature is checked with: 0 to 2 are the system's, others a serial number or KEY_SPEC_*.</summary>
    public int Keyring;

    /// <summary>0 is no log, 1 the log of the verifier, 2 its every step; 4 adds statistics.</summary>
    public uint LogLevel;

    public Span<byte> Log;
}
