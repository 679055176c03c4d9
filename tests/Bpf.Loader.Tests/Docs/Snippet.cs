using System.Text;

namespace Bpf.Loader.Tests.Docs;

/// <summary>A piece of code in the documentation.</summary>
/// <param name="Page">The path of the page.</param>
/// <param name="Line">The line that the code begins at.</param>
/// <param name="Language">The language, as the page names it.</param>
/// <param name="Info">What the page says of the code beside its language: the name of the file for C, <c>continues</c> for C#.</param>
/// <param name="Context">Statements that a reader need not see, from a comment <c>with: …</c> before the code.</param>
/// <param name="Code">The code.</param>
internal sealed record Snippet(string Page, int Line, string Language, string Info, string Context, string Code)
{
    /// <summary>The code as a program: context goes behind what must be first, the directives.</summary>
    public string Program
    {
        get
        {
            var directives = new StringBuilder();
            var rest = new StringBuilder();
            foreach (string line in Code.Split('\n'))
            {
                bool isDirective = line.StartsWith("using ", System.StringComparison.Ordinal) && !line.Contains('=') && !line.Contains('(');
                (isDirective ? directives : rest).Append(line).Append('\n');
            }

            return $"{directives}{Context}\n{rest}";
        }
    }

    public override string ToString() => $"{Page}:{Line}";
}
