namespace Bpf.Loader.Light;

/// <summary>What a loader program is about to do, so that a refusal can be told by its name.</summary>
/// <param name="Command">The system call that is made, or that the step prepares.</param>
/// <param name="What">What it is about, with its kind, such as <c>map 'events'</c>.</param>
/// <param name="Program">The number of the program that is loaded; -1 for other steps.</param>
internal readonly record struct LoaderStep(BpfCommand Command, string What, int Program = -1);
