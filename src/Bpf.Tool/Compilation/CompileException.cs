using System;

namespace Bpf.Tool.Compilation;

/// <summary>Nothing can be compiled; not for what the source says.</summary>
/// <param name="code">The id of the message.</param>
/// <param name="message">What is wrong, and what to do about it.</param>
internal sealed class CompileException(string code, string message) : Exception(message)
{
    public string Code => code;
}
