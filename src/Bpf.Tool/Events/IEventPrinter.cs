using System;
using Bpf.Loader.Logging;

namespace Bpf.Tool.Events;

/// <summary>Prints events; not for several threads at once.</summary>
internal interface IEventPrinter : IDisposable
{
    /// <summary>Prints an event.</summary>
    /// <param name="type">What it is.</param>
    /// <param name="cpu">The CPU it is from; -1 when the buffer does not say.</param>
    /// <param name="data">Its bytes.</param>
    void Print(EventType type, int cpu, ReadOnlySpan<byte> data);

    /// <summary>Prints what a program logged.</summary>
    void Print(BpfLogEntry entry);

    /// <summary>Writes out what was printed.</summary>
    /// <exception cref="System.IO.IOException">Nobody reads the output any more.</exception>
    void Flush();
}
