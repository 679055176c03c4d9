namespace Bpf.Tool.Commands;

/// <summary>What a command found out about one file.</summary>
internal interface IFileResult
{
    /// <summary>True when nothing speaks against the file.</summary>
    bool IsGood { get; }
}
