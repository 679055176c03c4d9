namespace Bpf.Loader.Relocation;

/// <summary>How much of linked programs is kept at a time: some 20 MB, where the programs of agents take one or two.</summary>
internal sealed class LinkedSizeLimit
{
    private const int LineCost = 2; // a source line takes as much as two instructions

    private int _left = 2 << 20;

    /// <summary>True as long as nothing more was kept than the limit.</summary>
    public bool HasRoom => _left > 0;

    /// <summary>Counts a program that is to be kept; false when there is no room for it.</summary>
    public bool TryKeep(LinkedProgram program)
    {
        int size = program.Instructions.Length + (LineCost * program.LineInfo.Length);
        if (size > _left)
        {
            _left = 0; // in the order of the programs: the first ones are kept
            return false;
        }

        _left -= size;
        return true;
    }
}
