using System.Collections.Generic;

namespace Bpf.Loader;

/// <summary>A USDT probe of an executable or library.</summary>
/// <param name="Provider">Who offers it, such as <c>python</c>.</param>
/// <param name="Name">Its name, such as <c>function__entry</c>.</param>
/// <param name="Places">Where in the code it is: attaching to the probe attaches to all of them.</param>
public sealed record BpfUsdtProbe(string Provider, string Name, IReadOnlyList<BpfUsdtPlace> Places);
