using System.Globalization;
using System.Text.RegularExpressions;

namespace Bpf.Loader.Diagnostics.Verifier.Rules;

/// <summary>Numbers in what a verifier says.</summary>
internal static class Numbers
{
    /// <summary>The number of a group of a match; 0 where there is none, or it is too large.</summary>
    public static long Of(Group group) => group.Success && long.TryParse(group.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : 0;
}
