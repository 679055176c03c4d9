namespace Bpf.Loader.Objects;

/// <summary>Makes programs of the functions that are entry points, and gives them the meaning of their section name.</summary>
internal static class ProgramReader
{
    public static void Read(ObjectContext context)
    {
        foreach (BpfFunction function in context.Functions)
        {
            if (function.IsSubProgram) continue;
            bool optional = function.SectionName.StartsWith('?');
            string section = optional ? function.SectionName[1..] : function.SectionName;
            SectionDefinition? meaning = SectionTable.Find(section, context.Options);
            var program = new BpfProgramDefinition(function, section, meaning, autoLoad: !optional)
            {
                KeepsSection = meaning is not null && ReferenceEquals(meaning, context.Options.FallbackSection),
            };
            context.Programs.Add(program);
            if (meaning is null)
            {
                context.Note(
                    BpfDiagnosticId.SectionNameUnknown, BpfSeverity.Info,
                    $"The section name '{section}' does not tell the type of the program '{function.Name}': set its Type before the load, or rename the section.",
                    function.SectionIndex, function.Name);
            }
        }
    }

    /// <summary>Lets the caller's own section definitions change their programs.</summary>
    public static void SetUp(ObjectContext context)
    {
        foreach (BpfProgramDefinition program in context.Programs) program.SectionDefinition?.Setup?.Invoke(program);
    }
}
