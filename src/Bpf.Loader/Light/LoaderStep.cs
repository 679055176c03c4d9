namespace Bpf.Loader.Light;

/// <summary>What a loader program is about to do, so that a refusal can be told by its name.</summary>
/// <param name="Command">The system call that is made; BPF_BTF_GET_FD_BY_ID stands for looking for a name, BPF_PROG_TEST_RUN for the check of the data.</param>
/// <param name="What">What it is about, with its kind, such as <c>map 'events'</c>; of what a program attaches to, the name alone.</param>
/// <param name="Program">The number of the program that is loaded, or whose target is looked for; -1 for other steps.</param>
internal readonly record struct LoaderStep(BpfCommand Command, string What, int Program = -1);
