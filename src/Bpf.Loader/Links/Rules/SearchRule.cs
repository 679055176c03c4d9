using System;
using System.Collections.Generic;
using System.Linq;

namespace Bpf.Loader.Links.Rules;

/// <summary>Targets that somebody else finds.</summary>
/// <param name="what">What they are.</param>
/// <param name="find">Finds them.</param>
internal sealed class SearchRule<TTarget>(string what, Func<IEnumerable<TTarget>> find) : TargetRule<TTarget>(what)
    where TTarget : notnull
{
    public override TargetWatch<TTarget> Watch(Action changed) => new Search(find);

    private sealed class Search : TargetWatch<TTarget>
    {
        private readonly Func<IEnumerable<TTarget>> _find;

        public Search(Func<IEnumerable<TTarget>> find)
        {
            _find = find;
            Silence = "they are looked for by a method";
        }

        public override IReadOnlyCollection<TTarget> Find() => [.. _find().Distinct()];

        public override bool Exists(TTarget target) => _find().Contains(target);

        public override void Dispose()
        {
        }
    }
}
