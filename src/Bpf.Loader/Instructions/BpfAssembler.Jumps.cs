namespace Bpf.Loader.Instructions;

public sealed partial class BpfAssembler
{
    /// <summary>Adds a jump.</summary>
    public BpfAssembler Goto(string label) => AddTo(label, Distance.Offset, new BpfInstruction(BpfOpCode.Goto, 0, 0, 0, 0));

    /// <summary>Adds a jump whose distance may be longer than 16 bits (Linux 6.6).</summary>
    public BpfAssembler GotoLong(string label) => AddTo(label, Distance.Immediate, new BpfInstruction(BpfOpCode.GotoLong, 0, 0, 0, 0));

    /// <summary>Adds a jump that the kernel may take, to bound a loop (Linux 6.9).</summary>
    public BpfAssembler MayGoto(string label) => AddTo(label, Distance.Offset, new BpfInstruction(BpfOpCode.GotoConditional, 0, 0, 0, 0));

    /// <summary>Adds a jump when a register (64 bits) and a constant (sign-extended) compare so.</summary>
    public BpfAssembler JumpIf(BpfCondition condition, BpfRegister left, int right, string label) =>
        AddTo(label, Distance.Offset, new BpfInstruction((byte)(BpfOpCode.Jump | (int)condition), (int)left, 0, 0, right));

    /// <summary>Adds a jump when two registers (64 bits) compare so.</summary>
    public BpfAssembler JumpIf(BpfCondition condition, BpfRegister left, BpfRegister right, string label) =>
        AddTo(label, Distance.Offset, new BpfInstruction((byte)(BpfOpCode.Jump | (int)condition | BpfOpCode.SourceRegister), (int)left, (int)right, 0, 0));

    /// <summary>Adds a jump when the lower halves of a register and a constant compare so (Linux 5.1).</summary>
    public BpfAssembler JumpIf32(BpfCondition condition, BpfRegister left, int right, string label) =>
        AddTo(label, Distance.Offset, new BpfInstruction((byte)(BpfOpCode.Jump32 | (int)condition), (int)left, 0, 0, right));

    /// <summary>Adds a jump when the lower halves of two registers compare so (Linux 5.1).</summary>
    public BpfAssembler JumpIf32(BpfCondition condition, BpfRegister left, BpfRegister right, string label) =>
        AddTo(label, Distance.Offset, new BpfInstruction((byte)(BpfOpCode.Jump32 | (int)condition | BpfOpCode.SourceRegister), (int)left, (int)right, 0, 0));

    /// <summary>Adds a call of a helper by its number; see <see cref="BpfHelper"/>.</summary>
    public BpfAssembler CallHelper(int number) => Add(BpfOpCode.Call, BpfRegister.R0, 0, 0, number);

    /// <summary>Adds a call of a function of the program.</summary>
    public BpfAssembler Call(string label) =>
        AddTo(label, Distance.Immediate, new BpfInstruction(BpfOpCode.Call, 0, BpfPseudo.Call, 0, 0));

    /// <summary>Adds a call of a kernel function by its BTF id (Linux 5.13).</summary>
    /// <param name="typeId">The id of the function in the BTF of the kernel or module.</param>
    /// <param name="module">The index of the module's BTF in <c>fd_array</c>; 0 for the kernel's.</param>
    public BpfAssembler CallKernelFunction(int typeId, short module = 0) =>
        Add(BpfOpCode.Call, BpfRegister.R0, BpfPseudo.KernelFunctionCall, module, typeId);

    /// <summary>Adds the end of a function; R0 is its result.</summary>
    public BpfAssembler Exit() => Add(BpfOpCode.Exit, BpfRegister.R0, 0, 0, 0);
}
