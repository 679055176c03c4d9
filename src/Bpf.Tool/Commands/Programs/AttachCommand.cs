using System.Runtime.Versioning;
using Bpf.Loader;
using Bpf.Loader.Links;
using Bpf.Tool.Output;

namespace Bpf.Tool.Commands.Programs;

/// <summary><c>bpf prog attach</c> and <c>detach</c>: without a link, so that it lasts.</summary>
[SupportedOSPlatform("linux")]
internal static class AttachCommand
{
    public static void Attach(Words words, JsonLines? lines)
    {
        using BpfProgram program = ProgramSelector.TakeOne(words);
        BpfAttachType type = AttachTypeWord.Take(words);
        if (type == BpfAttachType.FlowDissector)
        {
            words.End();
            HookAttach.ToFlowDissector(program);
            return;
        }

        using BpfMap map = MapSelector.TakeOne(words);
        words.End();
        HookAttach.ToMap(program, map, type);
    }

    public static void Detach(Words words, JsonLines? lines)
    {
        using BpfProgram program = ProgramSelector.TakeOne(words);
        BpfAttachType type = AttachTypeWord.Take(words);
        if (type == BpfAttachType.FlowDissector)
        {
            words.End();
            HookDetach.FromFlowDissector(program);
            return;
        }

        using BpfMap map = MapSelector.TakeOne(words);
        words.End();
        HookDetach.FromMap(map, type, program);
    }
}
