using System.Globalization;

namespace Bpf.Loader.Symbols.Profiles;

/// <summary>The colours of boxes: the same function has the same colour in every picture, and every kind of code its own range.</summary>
internal static class FlameGraphColours
{
    public static string Of(StackTree tree)
    {
        uint hash = 2166136261;
        foreach (char letter in tree.Name) hash = (hash ^ letter) * 16777619;
        uint hue = tree.Kind switch
        {
            SymbolKind.Kernel or SymbolKind.KernelModule or SymbolKind.BpfProgram => 200 + (hash % 30), // blue
            SymbolKind.JustInTime => 90 + (hash % 40), // green
            SymbolKind.Unknown => 40, // grey, by its saturation
            _ => hash % 50, // red to yellow
        };
        int saturation = tree.Kind == SymbolKind.Unknown ? 12 : 75;
        return string.Create(CultureInfo.InvariantCulture, $"hsl({hue}, {saturation}%, {68 + (hash / 50 % 10)}%)");
    }
}
