using System;
using System.IO;
using Bpf.Loader.Interop;
using Bpf.Loader.KernelTests.Support;
using Bpf.Loader.Links;
using Bpf.Loader.Maps;
using Xunit;

namespace Bpf.Loader.KernelTests.Links;

public sealed class PinTests : KernelTest
{
    [Fact]
    public void A_pinned_link_stays_and_is_found_again()
    {
        Requires.PerfLinks();
        using var bpffs = new TestFileSystem();
        using var program = new AttachedProgram(BpfProgramType.Tracepoint, ownProcess: true);
        string path = bpffs["folder/link"];
        uint id;
        using (BpfLink link = Attach(program))
        {
            id = link.Id;
            link.Pin(path);
            Assert.Equal((path, true), (link.PinPath, File.Exists(path)));
            Assert.Equal(Errno.EBUSY, Assert.Throws<BpfException>(() => link.Pin(bpffs["other"])).Errno);
        }

        Syscalls.CallGetPriority(2);
        Assert.Equal(2, program.Runs);
        using (BpfLink found = BpfLink.OpenPinned(path))
        {
            Assert.Equal((id, path), (found.Id, found.PinPath));
            Assert.Contains("PerfEvent", found.Target, StringComparison.Ordinal);
            found.Unpin();
            Assert.False(File.Exists(path));
            Syscalls.CallGetPriority(2);
            Assert.Equal(4, program.Runs);
        }

        Syscalls.CallGetPriority(2);
        Assert.Equal(4, program.Runs);
        Directory.Delete(bpffs["folder"]);
    }

    [Fact]
    public void A_pin_that_keeps_something_else_by_now_is_left_alone()
    {
        Requires.PerfLinks();
        using var bpffs = new TestFileSystem();
        using var program = new AttachedProgram(BpfProgramType.Tracepoint, ownProcess: true);
        using BpfMap map = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "ours", KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        using BpfMap other = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "theirs", KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        using BpfLink link = Attach(program);
        foreach ((string path, Action pin, Action unpin) in new (string, Action, Action)[]
        {
            (bpffs["map"], () => map.Pin(bpffs["map"]), map.Unpin),
            (bpffs["link"], () => link.Pin(bpffs["link"]), link.Unpin),
        })
        {
            pin();
            File.Delete(path);
            other.Pin(path);
            BpfException refused = Assert.Throws<BpfException>(unpin);
            Assert.Equal(Errno.ESTALE, refused.Errno);
            Assert.Contains("Another map is pinned there by now", refused.Message, StringComparison.Ordinal);
            Assert.True(File.Exists(path));
            other.Unpin();
            Assert.Equal(Errno.ENOENT, path.EndsWith("map", StringComparison.Ordinal) ? Assert.Throws<BpfException>(unpin).Errno : Errno.ENOENT);
        }

        link.Unpin();
    }

    [Fact]
    public void A_pin_takes_the_place_of_the_map_that_is_named_and_of_no_other()
    {
        using var bpffs = new TestFileSystem();
        using BpfMap old = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "old", KeySize = 4, ValueSize = 4, MaxEntries = 1 });
        using BpfMap next = BpfMap.Create(new BpfMapCreateOptions { Type = BpfMapType.Array, Name = "next", KeySize = 4, ValueSize = 8, MaxEntries = 1 });
        Assert.Throws<InvalidOperationException>(() => next.MovePin(bpffs["counts"]));
        old.Pin(bpffs["counts"]);
        next.Pin(bpffs["counts_new"]);
        BpfException refused = Assert.Throws<BpfException>(() => next.MovePin(bpffs["counts"]));
        Assert.Equal(Errno.EEXIST, refused.Errno);
        Assert.Contains("Another map is pinned at", refused.Message, StringComparison.Ordinal);
        Assert.Equal((bpffs["counts_new"], bpffs["counts"]), (next.PinPath, old.PinPath));

        next.MovePin(bpffs["counts"], old);
        Assert.Equal((bpffs["counts"], null), (next.PinPath, old.PinPath));
        Assert.False(File.Exists(bpffs["counts_new"]));
        using (BpfMap found = BpfMap.OpenPinned(bpffs["counts"])) Assert.Equal(next.Id, found.Id);
        next.MovePin(bpffs["moved"]);
        next.Unpin();
        Assert.False(File.Exists(bpffs["counts"]) || File.Exists(bpffs["moved"]));
    }

    [Fact]
    public void A_link_is_opened_by_its_number_and_lives_as_long_as_somebody_holds_it()
    {
        Requires.PerfLinks();
        using var program = new AttachedProgram(BpfProgramType.RawTracepoint, ownProcess: true);
        BpfLink link = RawTracepointAttacher.Attach(program.Source, "sys_enter", 0);
        using (BpfLink other = BpfLink.OpenById(link.Id))
        {
            link.Dispose();
            long runs = program.Runs;
            Syscalls.CallGetPriority(1);
            Assert.True(program.Runs > runs);
            Assert.Equal("sys_enter", Assert.IsType<Loader.Links.Info.RawTracepointLinkInfo>(other.GetInfo()).Name);
        }

        long last = program.Runs;
        Syscalls.CallGetPriority(1);
        Assert.Equal(last, program.Runs);
        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => BpfLink.OpenById(uint.MaxValue - 1)).Errno);
    }

    [Fact]
    public void What_is_pinned_and_no_link_is_refused()
    {
        using var bpffs = new TestFileSystem();
        using var program = new AttachedProgram(BpfProgramType.Tracepoint);
        Assert.Equal(Errno.None, BpfSyscall.ObjectPin(bpffs["program"], program.Source.Handle));
        Assert.Equal(Errno.EINVAL, Assert.Throws<BpfException>(() => BpfLink.OpenPinned(bpffs["program"])).Errno);
        Assert.Equal(Errno.ENOENT, Assert.Throws<BpfException>(() => BpfLink.OpenPinned(bpffs["nothing"])).Errno);
        using BpfLink link = RawTracepointAttacher.Attach(AsRaw(out AttachedProgram raw), "sys_enter", 0);
        Assert.Throws<BpfException>(() => link.Pin("/tmp/link"));
        raw.Dispose();
    }

    [Fact]
    public void A_disconnected_attachment_without_a_link_stays_until_it_is_detached()
    {
        using var cgroup = new TestCgroup();
        using var program = new AttachedProgram(BpfProgramType.CgroupDevice, BpfAttachType.CgroupDevice, returns: 1);
        BpfLink link = CgroupAttacher.Attach(program.Source, cgroup.Path, new CgroupOptions { Mode = CgroupAttachMode.Multiple });
        link.Disconnect();
        link.Dispose();
        File.OpenRead("/dev/zero").Dispose();
        Assert.True(program.Runs >= 1);
        Assert.Throws<BpfAttachException>(
            () => CgroupAttacher.Attach(program.Source, cgroup.Path, new CgroupOptions { Mode = CgroupAttachMode.Exclusive }));
    }

    [Fact]
    public void A_link_that_cannot_be_detached_by_force_says_how_it_ends()
    {
        using var program = new AttachedProgram(BpfProgramType.RawTracepoint);
        using BpfLink link = RawTracepointAttacher.Attach(program.Source, "sys_enter", 0);
        var error = Assert.Throws<BpfException>(link.Detach);
        Assert.Equal(Errno.EOPNOTSUPP, error.Errno);
        Assert.Contains("disposed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_left_of_what_is_disposed_twice()
    {
        using var program = new AttachedProgram(BpfProgramType.Tracepoint);
        BpfLink link = Attach(program);
        link.Dispose();
        link.Dispose();
        Assert.Throws<ObjectDisposedException>(() => link.Id);
    }

    private static BpfLink Attach(AttachedProgram program) => TracepointAttacher.Attach(program.Source, "syscalls", "sys_enter_getpriority", 0);

    private static ProgramToAttach AsRaw(out AttachedProgram program)
    {
        program = new AttachedProgram(BpfProgramType.RawTracepoint);
        return program.Source;
    }
}
