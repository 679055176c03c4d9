namespace Bpf.Loader.Hosting;

/// <summary>The key of a <see cref="BpfSession"/>: so all of them can be found.</summary>
internal sealed record BpfSessionName(string Name);
