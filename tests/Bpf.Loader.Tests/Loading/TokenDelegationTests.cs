using Bpf.Loader.Loading;
using Xunit;

namespace Bpf.Loader.Tests.Loading;

public class TokenDelegationTests
{
    [Theory]
    [InlineData("rw,delegate_maps=any", 27, "ringbuf", true)]
    [InlineData("rw,delegate_maps=hash:ringbuf", 27, "ringbuf", true)]
    [InlineData("rw,delegate_maps=hash:array", 27, "ringbuf", false)]
    [InlineData("rw,delegate_maps=hash:0x8000000", 27, "ringbuf", true)]
    [InlineData("rw,delegate_maps=0x7ffffff", 27, "ringbuf", false)]
    [InlineData("rw,delegate_maps=0xffffffffffffffff", 64, "64", false)]
    [InlineData("rw,delegate_progs=any", 27, "ringbuf", false)]
    [InlineData("rw", 27, "ringbuf", false)]
    [InlineData("rw,delegate_maps=ringbuf_new", 27, "ringbuf", false)]
    [InlineData("rw,delegate_maps=0xzz", 27, "ringbuf", false)]
    [InlineData("", 0, "unspec", false)]
    public void A_kind_has_all_words_or_bits(string options, ulong value, string word, bool included) =>
        Assert.Equal(included, TokenDelegation.Parse(options).Includes(TokenDelegation.Maps, value, word));

    [Fact]
    public void What_is_delegated_is_told_as_the_mount_tells_it()
    {
        TokenDelegation delegation = TokenDelegation.Parse("rw,uid=1,delegate_maps=hash:0x10,other=1");
        Assert.Equal("delegate_maps is 'hash:0x10'", delegation.Describe(TokenDelegation.Maps));
        Assert.Equal("there is no delegate_cmds", delegation.Describe(TokenDelegation.Commands));
    }
}
