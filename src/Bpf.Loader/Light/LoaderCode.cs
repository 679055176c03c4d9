using Bpf.Loader.Instructions;

namespace Bpf.Loader.Light;

/// <summary>
/// Writes a loader program, sentence by sentence. R6 is its context, R8 its data, R7 what the last call answered. Where a call failed, it
/// closes all that exists so far, and its result is the error.
/// </summary>
internal sealed class LoaderCode
{
    // enum bpf_func_id of include/uapi/linux/bpf.h: 5.14, and the last one 5.16.
    private const int CopyFromUser = 148, SystemCall = 166, FindByNameAndKind = 167, Close = 168, FindAddress = 179;

    // Conditional jumps reach 32767 instructions; those to the end go on at a stop on the way.
    private const int FarthestStop = 30000;

    private const BpfRegister Context = BpfRegister.R6, Result = BpfRegister.R7, Data = BpfRegister.R8, Saved = BpfRegister.R9;

    private readonly BpfAssembler _code = new();
    private int _stops;
    private int _lastStop;
    private int _labels;

    public LoaderCode() => _code.Move(Context, BpfRegister.R1).LoadMapValueAt(Data, 0, 0);

    private string Failed => $"failed {_stops}";

    /// <summary>Notes what comes next, for the caller.</summary>
    public void Begin(int step) => _code.Move(BpfRegister.R0, step).Store(BpfAccessSize.Word, Context, LoaderContext.Step, BpfRegister.R0);

    /// <summary>Writes the address of some data into the data.</summary>
    public void Point(int place, int target)
    {
        _code.LoadMapValueAt(BpfRegister.R0, 0, target);
        Write(BpfAccessSize.DoubleWord, place, BpfRegister.R0);
    }

    /// <summary>Copies a field of the context into the data.</summary>
    public void FromContext(BpfAccessSize size, int place, int field)
    {
        _code.Load(size, BpfRegister.R0, Context, (short)field);
        Write(size, place, BpfRegister.R0);
    }

    /// <summary>Copies a number of the context into the data, unless it is 0.</summary>
    public void FromContextUnlessZero(int place, int field)
    {
        string none = Label();
        _code.Load(BpfAccessSize.Word, BpfRegister.R0, Context, (short)field).JumpIf(BpfCondition.Equal, BpfRegister.R0, 0, none);
        Write(BpfAccessSize.Word, place, BpfRegister.R0);
        _code.Label(none);
    }

    /// <summary>Copies data within the data.</summary>
    public void Copy(BpfAccessSize size, int place, int from)
    {
        Read(size, BpfRegister.R0, from);
        Write(size, place, BpfRegister.R0);
    }

    /// <summary>Clears a byte to a constant when a number in the data is 0.</summary>
    public void SetByteIfZero(int place, byte value, int number)
    {
        string isThere = Label();
        Read(BpfAccessSize.Word, BpfRegister.R0, number);
        _code.JumpIf(BpfCondition.NotEqual, BpfRegister.R0, 0, isThere).Move(BpfRegister.R0, value);
        Write(BpfAccessSize.Byte, place, BpfRegister.R0);
        _code.Label(isThere);
    }

    /// <summary>Takes a value from the caller's memory, if there is one.</summary>
    public void TakeValue(int place, int size, int field)
    {
        string none = Label();
        _code.Load(BpfAccessSize.DoubleWord, BpfRegister.R3, Context, (short)field).JumpIf(BpfCondition.Equal, BpfRegister.R3, 0, none)
            .LoadMapValueAt(BpfRegister.R1, 0, place).Move(BpfRegister.R2, size).CallHelper(CopyFromUser).Move(Result, BpfRegister.R0);
        Check();
        _code.Label(none);
    }

    /// <summary>Makes a system call with arguments that are in the data.</summary>
    public void Call(BpfCommand command, int arguments, uint size)
    {
        _code.Move(BpfRegister.R1, (int)command).LoadMapValueAt(BpfRegister.R2, 0, arguments).Move(BpfRegister.R3, (int)size)
            .CallHelper(SystemCall).Move(Result, BpfRegister.R0);
        Check();
    }

    /// <summary>Keeps the descriptor that the last call gave in the context.</summary>
    public void Keep(int field) => _code.Store(BpfAccessSize.Word, Context, (short)field, Result);

    /// <summary>Keeps the descriptor that the last call gave in the data too, where the kernel looks for it.</summary>
    public void KeepInData(int place) => Write(BpfAccessSize.Word, place, Result);

    /// <summary>Closes a descriptor of the context.</summary>
    public void CloseAt(int field)
    {
        string none = Label();
        _code.Load(BpfAccessSize.Word, BpfRegister.R1, Context, (short)field).JumpIf(BpfCondition.Equal, BpfRegister.R1, 0, none)
            .CallHelper(Close).Move(BpfRegister.R0, 0).Store(BpfAccessSize.Word, Context, (short)field, BpfRegister.R0).Label(none);
    }

    /// <summary>Looks for a function, variable or type in the types of the kernel, and then of its modules.</summary>
    /// <param name="name">Its name, in the data.</param>
    /// <param name="length">The length of the name with its zero.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="slot">Where its number goes, the descriptor of its module's types after it, and after that their place in <paramref name="array"/>.</param>
    /// <param name="field">Where that descriptor is kept to be closed.</param>
    /// <param name="array">Which descriptor of those that instructions refer to is to be the module's; 0 for none.</param>
    /// <param name="isWeak">Whether it may be missing; then all of these stay 0.</param>
    public void Find(int name, int length, int kind, int slot, int field, int array, bool isWeak)
    {
        string done = Label();
        _code.LoadMapValueAt(BpfRegister.R1, 0, name).Move(BpfRegister.R2, length).Move(BpfRegister.R3, kind).Move(BpfRegister.R4, 0)
            .CallHelper(FindByNameAndKind).Move(Result, BpfRegister.R0);
        if (isWeak) _code.JumpIf(BpfCondition.Equal, Result, -(int)Errno.ENOENT, done);
        Check();
        Write(BpfAccessSize.Word, slot, Result);
        _code.Move(Saved, Result).Alu(BpfAluOperation.ShiftRight, Saved, 32).Store(BpfAccessSize.Word, Context, (short)field, Saved);
        Write(BpfAccessSize.Word, slot + sizeof(uint), Saved);
        if (array > 0)
        {
            _code.JumpIf(BpfCondition.Equal, Saved, 0, done);
            Write(BpfAccessSize.Word, array * sizeof(int), Saved);
            _code.Move(BpfRegister.R0, array);
            Write(BpfAccessSize.HalfWord, slot + sizeof(ulong), BpfRegister.R0);
        }

        _code.Label(done);
    }

    /// <summary>Looks for the address of a symbol of the kernel.</summary>
    public void FindSymbol(int name, int length, int slot, bool isWeak)
    {
        string done = Label();
        _code.LoadMapValueAt(BpfRegister.R1, 0, name).Move(BpfRegister.R2, length).Move(BpfRegister.R3, 0).LoadMapValueAt(BpfRegister.R4, 0, slot)
            .CallHelper(FindAddress).Move(Result, BpfRegister.R0);
        if (isWeak) _code.JumpIf(BpfCondition.Equal, Result, -(int)Errno.ENOENT, done);
        Check();
        _code.Label(done);
    }

    /// <summary>Goes on only if the map of the data is for this program alone, and the kernel has found a hash of its contents that is to come.</summary>
    /// <param name="exclusive">The two instructions that look whether it is for this program alone: see <see cref="LoaderForm"/>.</param>
    /// <returns>The instructions that are to hold the hash, eight bytes each.</returns>
    public int[] CheckData(out int exclusive)
    {
        // struct bpf_map of include/linux/bpf.h: u8 sha[32], and up to 7.2 u32 excl.
        const int Words = 4, IsExclusive = 32;
        int[] places = new int[Words];
        _code.Move(Result, -(int)Errno.EKEYREJECTED).LoadMapAt(BpfRegister.R1, 0);
        exclusive = _code.Count;
        _code.Load(BpfAccessSize.Word, BpfRegister.R2, BpfRegister.R1, IsExclusive).JumpIf(BpfCondition.NotEqual, BpfRegister.R2, 1, Failed);
        for (int i = 0; i < Words; i++)
        {
            _code.Load(BpfAccessSize.DoubleWord, BpfRegister.R2, BpfRegister.R1, (short)(i * sizeof(ulong)));
            places[i] = _code.Count;
            _code.LoadImmediate64(BpfRegister.R3, 0).JumpIf(BpfCondition.NotEqual, BpfRegister.R2, BpfRegister.R3, Failed);
        }

        return places;
    }

    /// <summary>Ends the program: with all that exists, or after closing it.</summary>
    public BpfInstruction[] End(in LoaderContext context)
    {
        _code.Move(BpfRegister.R0, 0).Exit().Label(Failed);
        for (int i = 0; i < context.DescriptorCount; i++) CloseAt(context.DescriptorAt(i));
        return _code.Move(BpfRegister.R0, Result).Exit().ToArray();
    }

    private void Check()
    {
        _code.JumpIf(BpfCondition.SignedLess, Result, 0, Failed);
        if (_code.Count - _lastStop < FarthestStop) return;
        string over = Label(), here = Failed;
        _stops++;
        _lastStop = _code.Count;
        _code.Goto(over).Label(here).Goto(Failed).Label(over);
    }

    // Arguments are at the front of the data, where one instruction reaches them.
    private void Write(BpfAccessSize size, int place, BpfRegister value)
    {
        if (place <= short.MaxValue) _code.Store(size, Data, (short)place, value);
        else _code.LoadMapValueAt(BpfRegister.R1, 0, place).Store(size, BpfRegister.R1, 0, value);
    }

    private void Read(BpfAccessSize size, BpfRegister value, int place)
    {
        if (place <= short.MaxValue) _code.Load(size, value, Data, (short)place);
        else _code.LoadMapValueAt(BpfRegister.R1, 0, place).Load(size, value, BpfRegister.R1, 0);
    }

    private string Label() => $"label {_labels++}";
}
