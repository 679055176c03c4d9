using Microsoft.CodeAnalysis;

namespace Bpf.Loader.Analyzers;

/// <summary>What the analyzers find: mistakes in the use of the library that compile, run, and fail in silence.</summary>
internal static class Rules
{
    private const string Category = "Bpf";

    /// <summary>BPF7001: the result of an attachment is kept by nobody.</summary>
    public static readonly DiagnosticDescriptor LinkDropped = Rule(
        "BPF7001", "A link is dropped",
        "Nobody keeps the link that '{0}' returns: the program is detached when the garbage collector finds it. Keep it (using BpfLink link = ...), or call Disconnect() or Pin() on it.");

    /// <summary>BPF7002: what holds something of the kernel is never disposed.</summary>
    public static readonly DiagnosticDescriptor NotDisposed = Rule(
        "BPF7002", "Something of the kernel is never disposed",
        "{0} holds something of the kernel until it is disposed or the garbage collector finds it, which may be too early or too late: declare it with 'using', or dispose of it");

    /// <summary>BPF7003: a description is changed when it has no effect any more.</summary>
    public static readonly DiagnosticDescriptor ChangedAfterLoad = Rule(
        "BPF7003", "A description is changed after it was loaded",
        "'{0}' was loaded before: the load took a copy, and this changes nothing that runs. Change it before Load(), or use what Load() returned.");

    /// <summary>BPF7004: a skeleton is loaded, and nothing runs.</summary>
    public static readonly DiagnosticDescriptor NotAttached = Rule(
        "BPF7004", "A skeleton is loaded and not attached",
        "'{0}' is loaded, and none of its programs is attached or run: nothing happens. Call AttachAll(), or attach its Programs one by one.");

    private static DiagnosticDescriptor Rule(string id, string title, string message) => new(
        id, title, message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: HelpLinks.Of(id));
}
