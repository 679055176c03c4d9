namespace Bpf.Loader.Classic;

internal sealed partial class ClassicParser
{
    private void ReadStatement()
    {
        string word = Next.Text;
        if (!Next.IsWord) throw Malformed($"an instruction is expected, and {Found} stands there");
        _at++;
        switch (word)
        {
            case "ld" or "ldi":
                ReadLoad(ClassicCode.LoadWord, word == "ldi");
                break;
            case "ldh":
                ReadLoad(ClassicCode.LoadHalf, false);
                break;
            case "ldb":
                ReadLoad(ClassicCode.LoadByte, false);
                break;
            case "ldx" or "ldxi" or "ldxb":
                ReadLoadIndex(word);
                break;
            case "st" or "stx":
                Add(word == "st" ? ClassicCode.Store : ClassicCode.StoreIndex, TakeMemory());
                break;
            case "jmp" or "ja":
                Add(ClassicCode.Goto, 0, TakeTarget());
                break;
            case "tax":
                Add(ClassicCode.ToIndex);
                break;
            case "txa":
                Add(ClassicCode.FromIndex);
                break;
            case "neg":
                Add(ClassicCode.Negate);
                break;
            case "ret":
                ReadReturn();
                break;
            default:
                _at--;
                ReadOperation(word);
                break;
        }
    }

    private void ReadOperation(string word)
    {
        if (ClassicWords.Arithmetic.TryGetValue(word, out int code))
        {
            _at++;
            if (TryTakeIndex()) Add(code | ClassicCode.Index);
            else Add(code, TakeConstant());
            return;
        }

        if (!ClassicWords.Conditions.TryGetValue(word, out (int Code, bool Negated) condition)) throw Malformed($"'{word}' is no instruction of classic BPF");
        _at++;
        bool isIndex = TryTakeIndex();
        uint constant = isIndex ? 0 : TakeConstant();
        (ClassicToken? jumpTrue, ClassicToken? jumpFalse) = TakeTargets();
        if (condition.Negated) (jumpTrue, jumpFalse) = (jumpFalse, jumpTrue);
        Add(isIndex ? condition.Code | ClassicCode.Index : condition.Code, constant, jumpTrue, jumpFalse);
    }

    /// <summary>Where a condition leads: <c>, Lt, Lf</c>, <c>, Lt</c>, or tcpdump's <c>jt 3 jf 5</c>.</summary>
    private (ClassicToken? True, ClassicToken? False) TakeTargets()
    {
        if (TryTake("jt"))
        {
            ClassicToken first = TakeTarget();
            Take("jf");
            return (first, TakeTarget());
        }

        Take(",");
        ClassicToken holds = TakeTarget();
        return (holds, TryTake(",") ? TakeTarget() : null);
    }

    private ClassicToken TakeTarget()
    {
        ClassicToken target = Next;
        if (!target.IsWord && target.Number is null) throw Malformed($"a label is expected, and {Found} stands there");
        _at++;
        return target;
    }

    private void ReadReturn()
    {
        TryTake("%");
        if (TryTake("a")) Add(ClassicCode.ReturnAccumulator);
        else if (Next.Text is "x") throw Malformed("no filter returns X; 'txa' brings it to A");
        else if (Next.Text == "#" || Next.Number is not null) Add(ClassicCode.ReturnConstant, TakeConstant());
        else Add(ClassicCode.ReturnAccumulator); // tcpdump's way
    }

    private void ReadLoad(int code, bool isConstant)
    {
        if (isConstant)
        {
            Add(ClassicCode.LoadConstant, TakeConstant());
        }
        else if (Next.Text == "M" && code == ClassicCode.LoadWord)
        {
            Add(ClassicCode.LoadMemory, TakeMemory());
        }
        else if (TryTake("["))
        {
            ReadPacket(code);
        }
        else
        {
            bool isMarked = TryTake("#");
            if (code == ClassicCode.LoadWord && Next.Text is ClassicWords.Length or ClassicWords.ListedLength) Skip(ClassicCode.LoadLength);
            else if (ClassicWords.Extensions.TryGetValue(Next.Text, out ClassicExtension extension)) Skip(code, ClassicCode.ExtensionOffset + (uint)extension);
            else if (isMarked && code == ClassicCode.LoadWord) Add(ClassicCode.LoadConstant, TakeNumber());
            else throw Malformed($"{Found} is nothing to load");
        }
    }

    private void ReadPacket(int code)
    {
        if (ClassicWords.Extensions.TryGetValue(Next.Text, out ClassicExtension extension)) Skip(code, ClassicCode.ExtensionOffset + (uint)extension);
        else if (!TryTakeIndex()) Add(code, TakeNumber());
        else Add(code - ClassicCode.LoadWord + ClassicCode.LoadWordIndirect, TakeDisplacement());
        Take("]");
    }

    // What follows the x of [x + 14].
    private uint TakeDisplacement()
    {
        if (Next.Text == "]") return 0;
        if (TryTake("+")) return TakeNumber();
        if (TryTake("-")) return unchecked(0u - TakeNumber());
        return Next.Text is ['+' or '-', ..] ? TakeNumber() : throw Malformed($"'+' is expected, and {Found} stands there");
    }

    private void ReadLoadIndex(string word)
    {
        if (word != "ldxb" && Next.Text == "M")
        {
            Add(ClassicCode.LoadIndexMemory, TakeMemory());
            return;
        }

        // ldxb [14] is what some write for ldxb 4*([14]&0xf), and means the same to no reader: it is not taken.
        if (word != "ldxi" && Next.Number is not null && _tokens[_at + 1].Text == "*")
        {
            uint factor = TakeNumber();
            Take("*");
            Take("(");
            Take("[");
            uint offset = TakeNumber();
            Take("]");
            Take("&");
            uint mask = TakeNumber();
            Take(")");
            if (factor != 4 || mask != 0xf) throw Malformed("the length of an IP header is 4*([k]&0xf)");
            Add(ClassicCode.LoadIndexHeader, offset);
            return;
        }

        if (word == "ldxb") throw Malformed($"4*([k]&0xf) is expected, and {Found} stands there");
        bool isMarked = TryTake("#");
        if (Next.Text is ClassicWords.Length or ClassicWords.ListedLength) Skip(ClassicCode.LoadIndexLength);
        else if (isMarked || word == "ldxi") Add(ClassicCode.LoadIndexConstant, TakeNumber());
        else throw Malformed($"{Found} is nothing to load into X");
    }

    private void Skip(int code, uint constant = 0)
    {
        _at++;
        Add(code, constant);
    }

    private uint TakeConstant()
    {
        TryTake("#");
        return TakeNumber();
    }

    private uint TakeMemory()
    {
        Take("M");
        Take("[");
        uint word = TakeNumber();
        Take("]");
        return word;
    }

    private bool TryTakeIndex()
    {
        if (Next.Text == "%" && _tokens[_at + 1].Text == "x") _at++;
        return TryTake("x");
    }
}
