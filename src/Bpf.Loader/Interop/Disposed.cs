using System;
using System.Diagnostics.CodeAnalysis;

namespace Bpf.Loader.Interop;

/// <summary>Refuses what was disposed of by its name, such as <c>ring buffer 'events'</c>.</summary>
internal static class Disposed
{
    /// <summary>Throws when something is disposed.</summary>
    /// <param name="isDisposed">Whether it is.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="name">Its name; empty when it has none.</param>
    /// <exception cref="ObjectDisposedException">It is.</exception>
    public static void ThrowIf([DoesNotReturnIf(true)] bool isDisposed, string kind, string name)
    {
        if (isDisposed) Throw(kind, name);
    }

    [DoesNotReturn]
    private static void Throw(string kind, string name)
    {
        string title = name.Length == 0 ? kind : $"{kind} '{name}'";
        throw new ObjectDisposedException(title, $"The {title} is disposed.");
    }
}
