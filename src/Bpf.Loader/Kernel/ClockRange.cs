namespace Bpf.Loader.Kernel;

/// <summary>Between what bounds an offset lies, in nanoseconds.</summary>
internal readonly record struct ClockRange(long Low, long High)
{
    public long Width => High - Low;

    public long Middle => Low + (Width / 2);

    public bool Contains(long offset) => offset >= Low && offset <= High;
}
