namespace Bpf.Loader.Testing.Execution;

/// <summary>What a call of a function keeps of its caller.</summary>
internal struct Frame
{
    /// <summary>The program of the caller; null for the first frame.</summary>
    public MachineCode? Code;

    /// <summary>The instruction that called.</summary>
    public int CallSite;

    /// <summary>How many functions of its program are below it.</summary>
    public int Depth;

    /// <summary>How often <c>may_goto</c> still falls through.</summary>
    public int MayGoto;

    /// <summary>The registers that a function keeps.</summary>
    public ulong R6, R7, R8, R9;
}
