using System;
using System.Collections;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.Versioning;

namespace Bpf.Loader;

/// <summary>The attachments of an object's programs. Disposing detaches them all, the last first.</summary>
[SupportedOSPlatform("linux")]
public sealed class BpfLinkCollection : IReadOnlyList<BpfAttachedProgram>, IDisposable
{
    private readonly IReadOnlyList<BpfAttachedProgram> _links;

    internal BpfLinkCollection(
        IReadOnlyList<BpfAttachedProgram> links, IReadOnlyList<BpfProgram> passedOver, IReadOnlyList<BpfAttachFailure> failures,
        IReadOnlyList<BpfFinding> diagnostics)
    {
        _links = links;
        PassedOver = passedOver;
        Failures = failures;
        Diagnostics = diagnostics;
    }

    /// <summary>What was found while attaching: a warning for each program that was passed over, for arguments that cannot be read, and more.</summary>
    public IReadOnlyList<BpfFinding> Diagnostics { get; }

    /// <summary>The programs whose section names do not say where they are attached.</summary>
    public IReadOnlyList<BpfProgram> PassedOver { get; }

    /// <summary>The programs that could not be attached, when <see cref="BpfAttachAllOptions.ContinueOnError"/> asked to go on.</summary>
    public IReadOnlyList<BpfAttachFailure> Failures { get; }

    /// <inheritdoc/>
    public int Count => _links.Count;

    /// <inheritdoc/>
    public BpfAttachedProgram this[int index] => _links[index];

    /// <summary>The attachment of a program.</summary>
    /// <exception cref="KeyNotFoundException">The program is not attached.</exception>
    public BpfLink this[string program] => TryGet(program, out BpfLink? link)
        ? link
        : throw new KeyNotFoundException($"No program or map named '{program}' is attached.");

    /// <summary>Finds the attachment of a program.</summary>
    /// <returns>False when the program is not attached.</returns>
    public bool TryGet(string program, [NotNullWhen(true)] out BpfLink? link)
    {
        link = null;
        foreach (BpfAttachedProgram attached in _links)
        {
            if (attached.Name != program) continue;
            link = attached.Link;
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<BpfAttachedProgram> GetEnumerator() => _links.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Detaches all.</summary>
    public void Dispose()
    {
        for (int i = _links.Count - 1; i >= 0; i--) _links[i].Link.Dispose();
    }
}
