namespace Bpf.Loader.Btf;

/// <summary>The linkage of a BTF function or variable.</summary>
public enum BtfLinkage
{
    /// <summary>Visible in its file only.</summary>
    Static = 0,

    /// <summary>Defined here and visible everywhere.</summary>
    Global = 1,

    /// <summary>Declared here, defined elsewhere.</summary>
    Extern = 2,
}
