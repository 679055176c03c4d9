using System;
using System.IO;
using Bpf.Loader;

namespace Bpf.Tool;

/// <summary>What went wrong, as a short code for programs and a text for people.</summary>
/// <param name="Code">A diagnostic id (<c>BPF1001</c>), an errno (<c>EACCES</c>), or the name of an unforeseen exception.</param>
/// <param name="Message">The whole message.</param>
/// <param name="Finding">The same in fields; null for what the library did not foresee.</param>
/// <param name="Log">The verifier's log, when there is one.</param>
internal sealed record Failure(string Code, string Message, BpfFinding? Finding = null, string? Log = null)
{
    /// <summary>What means success where a code could stand.</summary>
    public const string None = "ok";

    /// <summary>The code for people: the id, where there is one; after the verifier's refusal, EACCES says nothing of rights.</summary>
    public string Word => Finding?.Id.ToCode() ?? Code;

    /// <summary>All of it for people, in lines of at most so many columns where the library knows more than a message.</summary>
    public string ToText(int width) => Finding?.ToString(width) ?? Message;

    /// <summary>Describes an exception. Every exception has a description: what goes wrong in one file must not stop the next.</summary>
    public static Failure Of(Exception exception) => exception switch
    {
        BpfVerifierException e => new Failure(e.Errno.ToString(), e.Message, e.Finding, e.Log),
        BpfException e => new Failure(e.Errno.ToString(), e.Message, e.Finding),
        BpfLoaderException e => new Failure(e.Id.ToCode(), e.Message, e.Finding),
        IOException or UnauthorizedAccessException => new Failure(exception.GetType().Name, exception.Message),
        _ => new Failure(exception.GetType().Name, $"{exception.GetType().Name}: {exception.Message}"),
    };
}
