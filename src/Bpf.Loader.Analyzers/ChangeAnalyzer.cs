using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Bpf.Loader.Analyzers;

/// <summary>Finds changes of a description that come after its load, which took a copy of it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ChangeAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.ChangedAfterLoad];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (BpfTypes.Find(start.Compilation) is BpfTypes types) start.RegisterOperationBlockAction(block => Look(block, types));
        });
    }

    private static void Look(OperationBlockAnalysisContext context, BpfTypes types)
    {
        var loads = new List<(ISymbol File, IOperation Load)>();
        var changes = new List<(ISymbol File, IOperation Change)>();
        var assignments = new List<(ISymbol File, IOperation Assignment)>();
        foreach (IOperation operation in context.OperationBlocks.SelectMany(static block => block.DescendantsAndSelf()))
        {
            switch (operation)
            {
                case IInvocationOperation { TargetMethod.Name: "Load" } call when types.IsDescription(call.TargetMethod.ContainingType) && Root(call.Instance) is ISymbol file:
                    loads.Add((file, call));
                    break;
                case IInvocationOperation call when IsChange(call.TargetMethod) && call.Instance is not null && Owner(call.Instance, types) is ISymbol file:
                    changes.Add((file, call));
                    break;
                case IAssignmentOperation assignment when assignment.Target is IMemberReferenceOperation { Instance: IOperation instance } && Owner(instance, types) is ISymbol file:
                    changes.Add((file, assignment));
                    break;
                case IAssignmentOperation assignment when Root(assignment.Target) is ISymbol file:
                    assignments.Add((file, assignment));
                    break;
            }
        }

        foreach ((ISymbol file, IOperation change) in changes)
        {
            int at = change.Syntax.SpanStart;
            bool isLate = loads.Any(load => Same(load.File, file) && load.Load.Syntax.Span.End <= at && Block(load.Load)?.Syntax.Span.Contains(change.Syntax.Span) == true
                && !assignments.Any(other => Same(other.File, file) && other.Assignment.Syntax.SpanStart > load.Load.Syntax.SpanStart && other.Assignment.Syntax.SpanStart < at));
            if (!isLate || loads.Any(load => Same(load.File, file) && (load.Load.Syntax.SpanStart > at || ShareLoop(load.Load, change)))) continue;
            context.ReportDiagnostic(Diagnostic.Create(Rules.ChangedAfterLoad, change.Syntax.GetLocation(), file.Name));
        }
    }

    // A variable's value, the size of a map or section, the code of a program.
    private static bool IsChange(IMethodSymbol method) => method.Name is "Set" or "Resize" or "Replace" or "SetInstructions" or "AddCopy" && method.ContainingType?.ContainingAssembly?.Name == "Bpf.Loader" && method.ContainingNamespace?.ToDisplayString() is "Bpf.Loader.Objects" or "Bpf.Loader";

    // The description that a chain of members begins at: file.Maps["events"].MaxEntries, file.Rodata.Pid.
    private static ISymbol? Owner(IOperation at, BpfTypes types)
    {
        while (true)
        {
            if (Root(at) is ISymbol symbol) return types.IsDescription(at.Type) ? symbol : null;
            switch (at)
            {
                case IPropertyReferenceOperation { Instance: IOperation instance }:
                    at = instance;
                    break;
                case IFieldReferenceOperation { Instance: IOperation instance }:
                    at = instance;
                    break;
                case IParenthesizedOperation { Operand: IOperation operand }:
                    at = operand;
                    break;
                default:
                    return null;
            }
        }
    }

    private static ISymbol? Root(IOperation? operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation { Instance: null or IInstanceReferenceOperation } field => field.Field,
        _ => null,
    };

    private static IBlockOperation? Block(IOperation operation)
    {
        for (IOperation? at = operation.Parent; at is not null; at = at.Parent)
        {
            if (at is IBlockOperation block) return block;
        }

        return null;
    }

    private static bool ShareLoop(IOperation load, IOperation change)
    {
        for (IOperation? at = load.Parent; at is not null; at = at.Parent)
        {
            if (at is ILoopOperation && at.Syntax.Span.Contains(change.Syntax.Span)) return true;
        }

        return false;
    }

    private static bool Same(ISymbol one, ISymbol other) => SymbolEqualityComparer.Default.Equals(one, other);
}
