using System;

namespace Bpf.Tool.Top;

/// <summary>What <c>bpf top</c> is asked for.</summary>
/// <param name="Interval">How long programs are watched for each picture.</param>
/// <param name="Order">What comes first.</param>
/// <param name="Once">Whether one picture is enough.</param>
/// <param name="Json">Whether programs read it.</param>
internal sealed record TopRequest(TimeSpan Interval, TopOrder Order, bool Once, bool Json);
