using System.Globalization;

namespace Bpf.Loader.Symbols.Demangling.Itanium;

/// <summary><c>sizeof...</c>: how many arguments there are.</summary>
internal sealed class PackSizeNode(Node pack) : Node
{
    public override void PrintLeft(Printer to)
    {
        (int index, int count) = (to.PackIndex, to.PackCount);
        int start = to.Length;
        (to.PackIndex, to.PackCount) = (-1, -1);
        to.Print(pack);
        int size = to.PackCount;
        to.Truncate(start);
        (to.PackIndex, to.PackCount) = (index, count);
        to.Append((size < 0 ? CountOf(pack) : size).ToString(CultureInfo.InvariantCulture));
    }

    // Of a pack that was captured the arguments are named; of the function's own parameters no name tells how many there are.
    private static int CountOf(Node pack) => pack is ListNode list ? list.Items.Count : 0;
}
