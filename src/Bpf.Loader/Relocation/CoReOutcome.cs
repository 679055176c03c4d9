namespace Bpf.Loader.Relocation;

/// <summary>What a CO-RE relocation did to an instruction.</summary>
public enum CoReOutcome
{
    /// <summary>The instruction holds the target's value.</summary>
    Patched,

    /// <summary>The target lacks what was asked for: the instruction is one that the verifier refuses if it can be reached.</summary>
    Missing,

    /// <summary>The load or store cannot have the target's width: the instruction is one that the verifier refuses if it can be reached.</summary>
    WidthUnsafe,
}
