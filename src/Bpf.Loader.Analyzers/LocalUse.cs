using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Bpf.Loader.Analyzers;

/// <summary>What is done with a variable in one place.</summary>
internal readonly struct LocalUse
{
    private LocalUse(bool escapes, string? member)
    {
        Escapes = escapes;
        Member = member;
    }

    /// <summary>Whether somebody else may keep it: it is given to a call, returned, stored or the like.</summary>
    public bool Escapes { get; }

    /// <summary>The member that is called or read on it; null for none.</summary>
    public string? Member { get; }

    /// <summary>Whether it ends there, or its end is settled: it is disposed, or lives on by itself.</summary>
    public bool Settles => Member is "Dispose" or "DisposeAsync" or "Disconnect" or "Pin" or "Detach";

    /// <summary>Looks at a reference to a variable.</summary>
    public static LocalUse Of(IOperation reference)
    {
        IOperation at = reference;
        while (at.Parent is IConversionOperation or IParenthesizedOperation) at = at.Parent;
        return at.Parent switch
        {
            IInvocationOperation call when call.Instance == at => new LocalUse(false, call.TargetMethod.Name),
            IMemberReferenceOperation member when member.Instance == at => new LocalUse(false, member.Member.Name),
            IConditionalAccessOperation access when access.Operation == at => OfAccess(access.WhenNotNull),
            IForEachLoopOperation loop when loop.Collection == at => new LocalUse(false, null),
            IBinaryOperation or IIsPatternOperation or INameOfOperation => new LocalUse(false, null),
            ISimpleAssignmentOperation assignment when assignment.Target == at => new LocalUse(false, null),
            IExpressionStatementOperation => new LocalUse(false, null),
            _ => new LocalUse(true, null),
        };
    }

    private static LocalUse OfAccess(IOperation use)
    {
        while (use is IConditionalAccessOperation nested) use = nested.Operation;
        IOperation? innermost = use;
        string? member = null;
        while (innermost is not null)
        {
            (string? name, IOperation? instance) = innermost switch
            {
                IInvocationOperation call => (call.TargetMethod.Name, call.Instance),
                IMemberReferenceOperation reference => (reference.Member.Name, reference.Instance),
                _ => (null, (IOperation?)null),
            };
            member = name ?? member;
            innermost = instance;
        }

        return new LocalUse(false, member);
    }
}
