using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Bpf.Loader.Analyzers;

/// <summary>Finds links that nobody keeps, what is never disposed, and skeletons of which nothing runs.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class OwnershipAnalyzer : DiagnosticAnalyzer
{
    // By these a program of a skeleton can run.
    private static readonly ImmutableHashSet<string> WaysToRun = ["Programs", "Object", "AttachAll", "StructOps"];

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.LinkDropped, Rules.NotDisposed, Rules.NotAttached];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(static start =>
        {
            if (BpfTypes.Find(start.Compilation) is not BpfTypes types) return;
            start.RegisterOperationAction(operation => Drop(operation, types), OperationKind.ExpressionStatement);
            start.RegisterOperationBlockAction(block => Keep(block, types));
        });
    }

    // x.Attach(); and _ = x.Attach();
    private static void Drop(OperationAnalysisContext context, BpfTypes types)
    {
        IOperation dropped = ((IExpressionStatementOperation)context.Operation).Operation;
        if (dropped is ISimpleAssignmentOperation { Target: IDiscardOperation } assignment) dropped = assignment.Value;
        if (Made(dropped) is not IInvocationOperation call || !types.GivesOwned(call.TargetMethod)) return;
        DiagnosticDescriptor rule = types.IsLink(call.TargetMethod.ReturnType) ? Rules.LinkDropped : Rules.NotDisposed;
        string what = rule == Rules.LinkDropped ? call.TargetMethod.Name : $"What '{call.TargetMethod.Name}' returns";
        context.ReportDiagnostic(Diagnostic.Create(rule, call.Syntax.GetLocation(), what));
    }

    private static void Keep(OperationBlockAnalysisContext context, BpfTypes types)
    {
        var made = new Dictionary<ILocalSymbol, (IInvocationOperation Call, Location Place, bool IsUsing)>(SymbolEqualityComparer.Default);
        var uses = new Dictionary<ILocalSymbol, List<LocalUse>>(SymbolEqualityComparer.Default);
        bool mayReuse = false;
        foreach (IOperation operation in context.OperationBlocks.SelectMany(static block => block.DescendantsAndSelf()))
        {
            mayReuse |= MayReuse(operation, types);
            if (operation is IVariableDeclaratorOperation declarator)
            {
                IOperation? value = (declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer)?.Value;
                if (Made(value) is IInvocationOperation call && types.GivesOwned(call.TargetMethod))
                    made[declarator.Symbol] = (call, declarator.Syntax.GetLocation(), IsUsing(declarator));
            }
            else if (operation is ILocalReferenceOperation reference)
            {
                if (!uses.TryGetValue(reference.Local, out List<LocalUse>? known)) uses[reference.Local] = known = [];
                known.Add(LocalUse.Of(reference));
            }
        }

        foreach (KeyValuePair<ILocalSymbol, (IInvocationOperation Call, Location Place, bool IsUsing)> entry in made)
        {
            List<LocalUse> places = uses.TryGetValue(entry.Key, out List<LocalUse>? known) ? known : [];
            if (places.Exists(static use => use.Escapes)) continue;
            if (!entry.Value.IsUsing && !places.Exists(static use => use.Settles))
                context.ReportDiagnostic(Diagnostic.Create(Rules.NotDisposed, entry.Value.Place, $"'{entry.Key.Name}'"));
            if (!mayReuse && types.IsSkeleton(entry.Value.Call.TargetMethod.ReturnType) && !places.Exists(static use => use.Member is string member && WaysToRun.Contains(member)))
                context.ReportDiagnostic(Diagnostic.Create(Rules.NotAttached, entry.Value.Place, entry.Key.Name));
        }
    }

    // Who opens or loads with options, or pins maps, may want the maps that others fill.
    private static bool MayReuse(IOperation operation, BpfTypes types) => operation switch
    {
        IInvocationOperation { TargetMethod.Name: "Open" or "Load" } call => (types.IsSkeleton(call.TargetMethod.ContainingType) || types.IsDescription(call.TargetMethod.ContainingType))
            && call.Arguments.Any(static argument => argument.ArgumentKind == ArgumentKind.Explicit && argument.Parameter?.Name == "options"),
        IPropertyReferenceOperation property => property.Property.Name == "PinPath",
        _ => false,
    };

    // The call that makes a value, behind conversions and an await.
    private static IInvocationOperation? Made(IOperation? value)
    {
        while (value is IConversionOperation or IAwaitOperation or IParenthesizedOperation)
            value = value switch { IConversionOperation conversion => conversion.Operand, IAwaitOperation awaited => awaited.Operation, _ => ((IParenthesizedOperation)value).Operand };
        return value as IInvocationOperation;
    }

    private static bool IsUsing(IOperation declarator)
    {
        for (IOperation? at = declarator.Parent; at is IVariableDeclarationOperation or IVariableDeclarationGroupOperation or IUsingDeclarationOperation or IUsingOperation; at = at.Parent)
        {
            if (at is IUsingDeclarationOperation or IUsingOperation) return true;
        }

        return false;
    }
}
