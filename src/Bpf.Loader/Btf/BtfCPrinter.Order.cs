using System;
using System.Text;

namespace Bpf.Loader.Btf;

public sealed partial class BtfCPrinter
{
    private const int MaximumDepth = 256;
    private long _steps;

    [Flags]
    private enum State : byte
    {
        None = 0,

        /// <summary>What a pointer to the type needs was printed.</summary>
        WeakDone = 1,

        /// <summary>What a value of the type needs was printed.</summary>
        StrongDone = 2,

        /// <summary>The definition, or the declaration of the tag, was printed.</summary>
        Declared = 4,

        Defined = 8,

        InProgress = 16,
    }

    /// <summary>
    /// Prints what a use of a type needs. A use in the body of <paramref name="container"/> needs no declaration of that one.
    /// </summary>
    /// <param name="id">The type that is used.</param>
    /// <param name="isStrong">True when its size is needed; false when its name is enough, as behind a pointer.</param>
    /// <param name="container">The struct or union in whose body the use is.</param>
    /// <param name="depth">How deep the recursion is.</param>
    /// <returns>True when the same use elsewhere needs nothing more; false when it does because this one is in the container.</returns>
    private bool Require(BtfTypeId id, bool isStrong, BtfTypeId container, int depth)
    {
        if (id.IsVoid) return true;
        BtfType type = _btf[id];
        State done = isStrong ? State.StrongDone : State.WeakDone;
        if ((_states[id.Value] & done) != 0) return true;
        if (depth > MaximumDepth || ++_steps > 1_000_000 + (16L * _btf.TypeCount)) throw Loop(id);

        bool isComplete = true;
        switch (type.Kind)
        {
            case BtfKind.Pointer:
                isComplete = Require(type.TypeId, false, container, depth + 1);
                break;
            case BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict or BtfKind.TypeTag:
                isComplete = Require(type.TypeId, isStrong, container, depth + 1);
                break;
            case BtfKind.Array:
                // Even a pointer to an array needs to know the size of its elements.
                isComplete = Require(type.Array.ElementTypeId, true, container, depth + 1);
                break;
            case BtfKind.FunctionPrototype:
                isComplete = Require(type.TypeId, false, container, depth + 1);
                foreach (BtfParameter parameter in type.Parameters) isComplete &= Require(parameter.TypeId, false, container, depth + 1);
                break;
            case BtfKind.Enum or BtfKind.Enum64 when !type.IsAnonymous:
                Define(type);
                break;
            case BtfKind.Forward:
                Declare(type);
                break;
            case BtfKind.Typedef:
                RequireTypedef(type, isStrong, depth);
                break;
            case BtfKind.Struct or BtfKind.Union when type.IsAnonymous:
                // It is written where it is used, so its members need what they need there.
                foreach (BtfMember member in type.Members) isComplete &= Require(member.TypeId, true, container, depth + 1);
                break;
            case BtfKind.Struct or BtfKind.Union when isStrong:
                RequireDefinition(type, depth);
                break;
            case BtfKind.Struct or BtfKind.Union when id == container:
                return false;
            case BtfKind.Struct or BtfKind.Union:
                Declare(type);
                break;
            case BtfKind.Int:
                DefineInt(type);
                break;
        }

        if (isComplete) _states[id.Value] |= done;
        return isComplete;
    }

    private void RequireTypedef(BtfType type, bool isStrong, int depth)
    {
        ref State state = ref _states[type.Id.Value];
        if ((state & State.Defined) == 0)
        {
            // Compilers have this one built in, and their own idea of what it is.
            if (type.NameUtf8.SequenceEqual("__builtin_va_list"u8))
            {
                state |= State.Defined | State.StrongDone | State.WeakDone;
                return;
            }

            if ((state & State.InProgress) != 0) throw Loop(type.Id);
            state |= State.InProgress;

            // "typedef struct x y;" declares x by itself.
            BtfType target = _btf.StripQualifiers(type.TypeId);
            if (target.IsComposite && !target.IsAnonymous) _states[target.Id.Value] |= State.Declared;
            else Require(type.TypeId, false, default, depth + 1);

            _text.Write("typedef ");
            if (type.TypeId.IsVoid && type.NameUtf8.SequenceEqual("__gnuc_va_list"u8)) _text.Write("__builtin_va_list " + _names.Typedef(type));
            else _text.WriteDeclaration(type.TypeId, Encoding.UTF8.GetBytes(_names.Typedef(type)), 0);
            Print();
            state = (state & ~State.InProgress) | State.Defined;
        }

        if (isStrong) Require(type.TypeId, true, default, depth + 1);
    }

    private void RequireDefinition(BtfType type, int depth)
    {
        ref State state = ref _states[type.Id.Value];
        if ((state & State.Defined) != 0) return;
        if ((state & State.InProgress) != 0) throw Loop(type.Id);
        state |= State.InProgress;
        foreach (BtfMember member in type.Members) Require(member.TypeId, true, type.Id, depth + 1);
        state &= ~State.InProgress;
        Define(type);
    }

    private void Define(BtfType type)
    {
        ref State state = ref _states[type.Id.Value];
        if ((state & State.Defined) != 0) return;
        state |= State.Defined | State.Declared | State.WeakDone | State.StrongDone;

        // An enum without values is a declaration.
        if (type.IsEnum && type.VariableLength == 0) _text.Write($"enum {_names.Tag(type)}");
        else _text.WriteDefinition(type, 0);
        Print();
    }

    private void Declare(BtfType type)
    {
        ref State state = ref _states[type.Id.Value];
        if ((state & State.Declared) != 0) return;
        state |= State.Declared;
        _text.Write($"{BtfCNames.Keyword(type)} {_names.Tag(type)}");
        Print();
    }

    private void DefineInt(BtfType type)
    {
        // The vector types of Arm's polynomials, which only its own compilers have built in.
        if (!type.NameUtf8.StartsWith("__Poly"u8)) return;
        string? alias = type.Name switch
        {
            "__Poly8_t" => "unsigned char",
            "__Poly16_t" => "unsigned short",
            "__Poly64_t" => "unsigned long long",
            "__Poly128_t" => "unsigned __int128",
            _ => null,
        };
        if (alias is null) return;
        _text.Write($"typedef {alias} {type.Name}");
        Print();
        _states[type.Id.Value] |= State.WeakDone | State.StrongDone;
    }

    private void Print()
    {
        _text.Write(";\n\n");
        _text.Print(_writer);
    }

    private static BpfFormatException Loop(BtfTypeId id) =>
        new($"Type {id} holds itself or is nested too deeply: C cannot express it.", ".BTF types", null, BpfDiagnosticId.BadBtfReference);
}
