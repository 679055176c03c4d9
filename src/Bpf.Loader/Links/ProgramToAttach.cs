using Bpf.Loader.Interop;

namespace Bpf.Loader.Links;

/// <summary>What the attach functions need to know of a loaded program.</summary>
/// <param name="Handle">Its descriptor.</param>
/// <param name="Name">Its name in the object, for messages.</param>
/// <param name="Type">Its type.</param>
/// <param name="AttachType">The attach type that it was loaded for.</param>
internal readonly record struct ProgramToAttach(
    FileDescriptorHandle Handle, string Name, BpfProgramType Type, BpfAttachType AttachType);
