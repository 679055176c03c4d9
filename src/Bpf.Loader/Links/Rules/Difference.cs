using System;
using System.Collections.Generic;

namespace Bpf.Loader.Links.Rules;

/// <summary>Looks whether other targets are there than when it looked last.</summary>
/// <param name="find">Finds them.</param>
/// <param name="changed">Is called when they are others.</param>
internal sealed class Difference<TTarget>(Func<IReadOnlyCollection<TTarget>> find, Action changed)
{
    private HashSet<TTarget>? _before;

    public void Look()
    {
        IReadOnlyCollection<TTarget> found;
        try
        {
            found = find();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Here, on a thread of the watch, nobody could be told; whoever is called asks as well, and is told why.
            _before = null;
            changed();
            return;
        }

        if (_before?.SetEquals(found) == true) return;
        _before = [.. found];
        changed();
    }
}
