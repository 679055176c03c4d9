using System.Text;
using Bpf.Loader.Symbols.Processes;
using Xunit;

namespace Bpf.Loader.Tests.Symbols;

public class ProcessTextTests
{
    [Fact]
    public void Mappings_of_code_are_read()
    {
        Mapping[] mappings = Mapping.ReadAll("""
            557334600000-557334620000 r--p 00000000 fe:00 852255                     /usr/bin/a b (deleted)
            557334620000-5573346e0000 r-xp 00020000 fe:00 852255                     /usr/bin/a b (deleted)
            7f06dcc01000-7f06dcc02000 rwxp 00000000 00:00 0 
            7f06dcc03000-7f06dcc04000 r-xs 00001000 00:01 77                         /memfd:doublemapper (deleted)
            7ffc1b5d2000-7ffc1b5d4000 r-xp 00000000 00:00 0                          [vdso]
            nonsense
            """u8);
        Assert.Equal(4, mappings.Length);
        Assert.Equal((0x557334620000ul, 0x5573346e0000ul, 0x20000ul, 852255ul, true, true), (mappings[0].Start, mappings[0].End, mappings[0].Offset, mappings[0].Inode, mappings[0].IsFile, mappings[0].IsDeleted));
        Assert.Equal("/usr/bin/a b", mappings[0].PathThen);
        Assert.Equal((false, false, false), (mappings[1].IsFile, mappings[2].IsFile, mappings[3].IsFile));
        Assert.Equal("[vdso]", mappings[3].Path);
    }

    [Fact]
    public void A_process_is_told_from_another_by_when_it_began_and_where_its_program_is()
    {
        const string Line = "12 (a) b (c) S 1 12 12 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 100 200 18446744073709551615 94000 95000 140000 0 0";
        Incarnation? one = Incarnation.Parse(Line);
        Assert.Equal(new Incarnation(4711, 94000, 140000), one);
        Assert.True(one!.Value.BeganAt(47_110_000_000));
        Assert.True(one.Value.BeganAt(47_119_999_999));
        Assert.False(one.Value.BeganAt(47_120_000_000));
        Assert.Null(Incarnation.Parse(Line.Replace(" S ", " Z ", System.StringComparison.Ordinal)));
        Assert.Null(Incarnation.Parse(null));
        Assert.Null(Incarnation.Parse("12 (a"));
    }

    [Fact]
    public void Methods_of_a_runtime_are_found_and_later_ones_take_the_place_of_earlier_ones()
    {
        var map = new PerfMap();
        map.Add("7f0000001000 100 int32 [app] App.Worker::Run(int32)[Tier0]\n0x7f0000002000 0x80 stub\nbad line\n7f0000003000 zz x\n"u8);
        Assert.Equal("int32 [app] App.Worker::Run(int32)[Tier0]", Find(map, 0x7f00000010ff));
        Assert.Equal("stub", Find(map, 0x7f0000002000));
        Assert.Null(Find(map, 0x7f0000001100));
        Assert.Null(Find(map, 0x7f0000000fff));

        map.Add(Encoding.UTF8.GetBytes("7f0000000f00 180 moved\n7f0000002040 10 within\n"));
        Assert.Equal("moved", Find(map, 0x7f0000001010));
        Assert.Null(Find(map, 0x7f00000010ff));
        Assert.Equal("within", Find(map, 0x7f0000002048));
    }

    private static string? Find(PerfMap map, ulong address) => map.TryFind(address, out string name, out _) ? name : null;
}
