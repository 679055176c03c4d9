namespace Bpf.Loader;

/// <summary>A step on the way that a value took before it was found at fault.</summary>
/// <param name="What">What happened there, such as <c>the look-up in map 'stats'</c>.</param>
/// <param name="Place">Where it happened.</param>
public readonly record struct BpfOrigin(string What, BpfLocation Place);
