using System.Globalization;
using System.Text;
using Bpf.Loader.Btf;

namespace Bpf.Tool.Commands.Programs;

/// <summary>The declaration of a function in one line, as bpftool writes it above its instructions: a blank behind each part of a type.</summary>
internal static class FunctionText
{
    // Far deeper and longer than any declaration of C; those of others may refer to themselves, and share parts so that all of it never ends.
    private const int MaximumDepth = 32, MostCharacters = 1 << 16;

    /// <summary>The declaration of a function, such as <c>int decide(struct xdp_md * ctx)</c>.</summary>
    public static string Of(BtfReader types, BtfTypeId function)
    {
        var text = new StringBuilder();
        Append(text, types, function, 0);
        return text.ToString().TrimEnd();
    }

    private static void Append(StringBuilder text, BtfReader types, BtfTypeId id, int depth)
    {
        if (depth > MaximumDepth || text.Length > MostCharacters)
        {
            text.Append("... ");
            return;
        }

        if (id.IsVoid)
        {
            text.Append("void ");
            return;
        }

        BtfType type = types[id];
        switch (type.Kind)
        {
            case BtfKind.Struct or BtfKind.Union or BtfKind.Enum or BtfKind.Enum64 or BtfKind.Forward:
                text.Append(WordOf(type)).Append(' ').Append(type.Name).Append(' ');
                break;
            case BtfKind.Pointer:
                Append(text, types, type.TypeId, depth + 1);
                text.Append("* ");
                break;
            case BtfKind.Array:
                Append(text, types, type.Array.ElementTypeId, depth + 1);
                text.Append(CultureInfo.InvariantCulture, $"[{type.Array.Count}]");
                break;
            case BtfKind.Const or BtfKind.Volatile or BtfKind.Restrict:
                text.Append(WordOf(type)).Append(' ');
                Append(text, types, type.TypeId, depth + 1);
                break;
            case BtfKind.TypeTag:
                Append(text, types, type.TypeId, depth + 1);
                break;
            case BtfKind.Function:
                AppendFunction(text, types, types[type.TypeId], type.Name, depth);
                break;
            case BtfKind.FunctionPrototype:
                AppendFunction(text, types, type, "", depth);
                break;
            default:
                text.Append(type.Name).Append(' ');
                break;
        }
    }

    private static string WordOf(BtfType type) => type.Kind switch
    {
        BtfKind.Struct => "struct",
        BtfKind.Union => "union",
        BtfKind.Enum or BtfKind.Enum64 => "enum",
        BtfKind.Const => "const",
        BtfKind.Volatile => "volatile",
        BtfKind.Restrict => "restrict",
        _ => type.KindFlag ? "union" : "struct",
    };

    private static void AppendFunction(StringBuilder text, BtfReader types, BtfType prototype, string name, int depth)
    {
        if (prototype.Kind != BtfKind.FunctionPrototype) return;
        Append(text, types, prototype.TypeId, depth + 1);
        text.Append(name).Append('(');
        bool isFirst = true;
        foreach (BtfParameter parameter in prototype.Parameters)
        {
            if (text.Length > MostCharacters)
            {
                text.Append(", ...");
                break;
            }

            if (!isFirst) text.Append(", ");
            isFirst = false;
            if (parameter.TypeId.IsVoid)
            {
                text.Append("...");
                continue;
            }

            Append(text, types, parameter.TypeId, depth + 1);
            if (parameter.Name.Length > 0) text.Append(parameter.Name);
            else if (text[^1] == ' ') text.Length--;
        }

        text.Append(')');
    }
}
