namespace Bpf.Loader.Objects;

/// <summary>Makes programs of the functions that are entry points, and gives them the meaning of their section name.</summary>
internal static class ProgramReader
{
    public static void Read(ObjectContext context)
    {
        foreach (BpfFunction function in context.Functions)
        {
            if (function.IsSubProgram)
            {
                if (function.SectionIndex != context.TextSection)
                {
                    context.Note(
                        BpfDiagnosticId.StaticFunction, BpfSeverity.Info,
                        $"The function '{function.Name}' is static: it is no program, and is part of those that call it.", function.SectionIndex, function.Name);
                }

                continue;
            }

            bool optional = function.SectionName.StartsWith('?');
            string section = optional ? function.SectionName[1..] : function.SectionName;
            SectionDefinition? meaning = SectionTable.Find(section, context.Options);
            var program = new BpfProgramDefinition(function, section, meaning, autoLoad: !optional)
            {
                KeepsSection = meaning is not null && ReferenceEquals(meaning, context.Options.FallbackSection),
            };
            context.Programs.Add(program);
        }
    }

    /// <summary>Lets the caller's own section definitions change their programs, and notes which still have no type.</summary>
    public static void SetUp(ObjectContext context)
    {
        foreach (BpfProgramDefinition program in context.Programs)
        {
            program.SectionDefinition?.Setup?.Invoke(program);
            if (program.Type != BpfProgramType.Unspecified) continue;
            context.Note(
                BpfDiagnosticId.SectionNameUnknown, BpfSeverity.Info,
                $"The section name '{program.SectionName}' does not tell the type of the program '{program.Name}': set its Type before the load, or rename the section.",
                program.Function.SectionIndex, program.Name);
        }
    }
}
