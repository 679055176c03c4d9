namespace Bpf.Loader.KernelTests.Faults;

/// <summary>
/// Which call is to fail next. When the same one failed many times in a row (a long file is read), only some of those that follow are
/// made to fail, and none of another kind is missed; unless <paramref name="all"/> are asked for.
/// </summary>
internal sealed class CallWalk(bool all)
{
    private const int Alike = 16;

    private int _step = 1;
    private int _alike;
    private string? _last;

    /// <summary>The number of the call, from 1.</summary>
    public int Number { get; private set; } = 1;

    /// <summary>Goes on after the call <paramref name="failed"/>, which is null when there were not so many calls.</summary>
    /// <returns>Whether there are more.</returns>
    public bool Advance(string? failed)
    {
        if (_step > 1 && failed != _last)
        {
            // Back to the first of those that were passed over.
            Number -= _step - 1;
            (_step, _alike) = (1, 0);
            return true;
        }

        if (failed is null) return false;
        _alike = failed == _last ? _alike + 1 : 0;
        _last = failed;
        _step = all || _alike < Alike ? 1 : Alike;
        Number += _step;
        return true;
    }
}
