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
        }
    }

    /// <summary>Lets the caller's own section definitions change their programs, and notes which still have no type.</summary>
    public static void SetUp(ObjectContext context)
    {
        foreach (BpfProgramDefinition program in context.Programs) program.SectionDefinition?.Setup?.Invoke(program);
        bool hasOthers = context.Programs.Exists(static program => program.Type != BpfProgramType.Unspecified);
        foreach (BpfProgramDefinition program in context.Programs)
        {
            if (program.Type != BpfProgramType.Unspecified) continue;

            // A function that others call, or one that was inlined into them, in a section of its own: it must not stop the others.
            string? reason = !hasOthers ? null : context.Calls.IsCalled(program.Function) ? "other functions call" : program.Function.IsGlobal ? null : "is static";
            if (reason is not null) program.AutoLoad = false;
            string aside = reason is null ? "" : $", which {reason} and which is not loaded for itself";
            context.Note(
                BpfDiagnosticId.SectionNameUnknown, reason is null ? BpfSeverity.Info : BpfSeverity.Warning,
                $"The section name '{program.SectionName}' does not tell the type of the program '{program.Name}'{aside}.", program.Function.SectionIndex, program.Name,
                cure: $"Set its Type{(reason is null ? "" : " and AutoLoad")} before the load, or rename the section.");
        }
    }
}
