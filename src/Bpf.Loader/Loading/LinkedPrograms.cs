using System.Collections;
using System.Collections.Generic;
using Bpf.Loader.Btf;
using Bpf.Loader.Objects;
using Bpf.Loader.Relocation;

namespace Bpf.Loader.Loading;

/// <summary>
/// The programs of a load, linked. Those of ordinary objects are kept. A linked program has a copy of everything that it calls, so
/// that thousands of programs with one large function in common would take gigabytes: what is beyond a bound is linked again when
/// it is its turn.
/// </summary>
internal sealed class LinkedPrograms(ObjectRelocator relocator) : IEnumerable<LinkedProgram>
{
    private readonly List<(BpfProgramDefinition Definition, LinkedProgram? Kept)> _programs = [];
    private readonly Dictionary<BpfProgramDefinition, BtfFuncInfo[]> _functionInfo = [];
    private readonly LinkedSizeLimit _limit = new();

    /// <summary>Links a program, to find out whether it can be, before anything is made in the kernel.</summary>
    public void Add(BpfProgramDefinition definition)
    {
        LinkedProgram linked = relocator.Link(definition);
        _programs.Add((definition, _limit.TryKeep(linked) ? linked : null));
    }

    /// <summary>Sets the function info of a program, which has been changed.</summary>
    public void SetFunctionInfo(LinkedProgram program, BtfFuncInfo[] info) => _functionInfo[program.Definition] = program.FunctionInfo = info;

    /// <summary>Walks the programs in their order; the caller lets go of one before it takes the next.</summary>
    public IEnumerator<LinkedProgram> GetEnumerator()
    {
        foreach ((BpfProgramDefinition definition, LinkedProgram? kept) in _programs)
        {
            LinkedProgram linked = kept ?? relocator.Link(definition);
            if (kept is null && _functionInfo.TryGetValue(definition, out BtfFuncInfo[]? info)) linked.FunctionInfo = info;
            yield return linked;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
