using System;
using System.Collections.Generic;
using System.Linq;
using Bpf.Loader.Btf;
using Bpf.Loader.Links;
using Xunit;

namespace Bpf.Loader.Tests.Links;

public sealed class TraceableTypesTests
{
    [Fact]
    public void Functions_that_a_trampoline_cannot_pass_on_are_left_out()
    {
        var types = new BtfBuilder();
        BtfTypeId number = types.AddInt("long", 8, BtfIntEncoding.Signed);
        BtfTypeId pair = types.AddStruct("pair", 16), big = types.AddStruct("big", 24);
        BtfTypeId alias = types.AddTypedef("alias", types.AddConst(pair));
        var expected = new List<int>
        {
            Function("f_plain", number, number),
            Function("f_void", default),
            Function("f_pair", number, pair),
            Function("f_twelve", number, [.. Enumerable.Repeat(number, 12)]),
        };
        Function("f_big", number, big);
        Function("f_thirteen", number, [.. Enumerable.Repeat(number, 13)]);
        Function("f_returns_structure", pair);
        Function("f_returns_alias", alias);
        Function("f_varargs", number, number, default);
        Function("g_other", number);
        types.AddTypedef("f_no_function", number);

        Assert.Equal(expected.Select(id => (uint)id), TraceableTypes.Find(types.ToReader(), "f_*"u8));

        int Function(string name, BtfTypeId result, params ReadOnlySpan<BtfTypeId> parameters)
        {
            BtfTypeId prototype = types.AddFunctionPrototype(result);
            foreach (BtfTypeId parameter in parameters) types.AddParameter(parameter.IsVoid ? null : "p", parameter);
            return types.AddFunction(name, BtfLinkage.Static, prototype).Value;
        }
    }
}
