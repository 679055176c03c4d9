using Bpf.Loader.Btf;

namespace Bpf.Loader.Linking;

/// <summary>Refuses a symbol of which two objects say different things.</summary>
internal static class Compatibility
{
    /// <summary>Compares what an object says of a symbol with what was said before.</summary>
    public static void Check(GlobalSymbol global, LinkInput input, BtfTypeId id)
    {
        if (global.InputTypeId.IsVoid || id.IsVoid)
        {
            string without = id.IsVoid ? "this object" : global.Input.Name;
            throw input.Fail(BpfDiagnosticId.LinkWithoutBtf, $"'{global.Name}' is in two objects, and the BTF of {without} does not describe it: compile it with clang -g.");
        }

        if (global.Section?.Name == ".maps")
        {
            MapCompatibility.Check(global, input, id);
            return;
        }

        var types = new TypeCompatibility(global.Input.Btf!, input.Btf!, input.Context.Charge);
        if (types.Compare(global.InputTypeId, id) is string difference)
            throw input.Fail(BpfDiagnosticId.LinkTypes, $"'{global.Name}' is not what {global.Input.Name} says that it is: {difference}.");
    }
}
