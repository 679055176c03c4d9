using System;
using Bpf.Loader.Linking;
using Xunit;

namespace Bpf.Loader.Tests.Linking;

/// <summary>Objects that are cut or damaged are linked or refused, and what is linked is read or refused.</summary>
public class DamagedInputTests
{
    public static TheoryData<string> Samples() => ["linked/base.bpf.o", "linked/be/user.bpf.o", "hook_struct_ops_link.bpf.o"];

    [Theory, MemberData(nameof(Samples))]
    public void Every_truncation_is_refused_or_linked(string name) => Damage.MustBeSurvived(Damage.Truncations(TestData.Read(name)), bytes => Link(bytes));

    [Theory, MemberData(nameof(Samples))]
    public void Changed_bytes_are_refused_or_linked(string name)
    {
        byte[] sound = TestData.Read(name);
        Damage.MustBeSurvived(Damage.Flips(sound, 1_500, seed: 3), bytes => Link(bytes));
    }

    [Theory, MemberData(nameof(Samples))]
    public void What_was_linked_from_damaged_objects_is_refused_or_read(string name) =>
        Damage.MustBeSurvived(Damage.Flips(TestData.Read(name), 1_000, seed: 4), bytes => BpfObjectFile.Read(Link(bytes)));

    [Fact]
    public void A_damaged_object_beside_a_sound_one_is_refused_or_linked()
    {
        byte[] user = TestData.Read("linked/user.bpf.o"), sound = TestData.Read("linked/base.bpf.o");
        Damage.MustBeSurvived(Damage.Flips(user, 1_500, seed: 5), bytes => BpfLinker.Link(("base", sound), ("user", bytes)));
        Damage.MustBeSurvived(Damage.Flips(sound, 1_500, seed: 6), bytes => BpfLinker.Link(("base", bytes), ("user", user)));
    }

    private static byte[] Link(ReadOnlyMemory<byte> bytes) => BpfLinker.Link(("damaged", bytes));
}
