using System.Runtime.CompilerServices;
using Bpf.Loader.Interop.Uapi;
using Xunit;

namespace Bpf.Loader.Tests.Interop;

/// <summary>Offsets, widths and sizes as a C compiler gives them for the uapi header on 64-bit Linux.</summary>
public sealed class UapiLayoutTests
{
    [Fact]
    public void MapCreateAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(MapCreateAttr);
        AssertField(0, 4, ref s, ref s.MapType);
        AssertField(4, 4, ref s, ref s.KeySize);
        AssertField(8, 4, ref s, ref s.ValueSize);
        AssertField(12, 4, ref s, ref s.MaxEntries);
        AssertField(16, 4, ref s, ref s.MapFlags);
        AssertField(20, 4, ref s, ref s.InnerMapFd);
        AssertField(24, 4, ref s, ref s.NumaNode);
        AssertField(28, 16, ref s, ref s.MapName);
        AssertField(44, 4, ref s, ref s.MapIfIndex);
        AssertField(48, 4, ref s, ref s.BtfFd);
        AssertField(52, 4, ref s, ref s.BtfKeyTypeId);
        AssertField(56, 4, ref s, ref s.BtfValueTypeId);
        AssertField(60, 4, ref s, ref s.BtfVmlinuxValueTypeId);
        AssertField(64, 8, ref s, ref s.MapExtra);
        AssertField(72, 4, ref s, ref s.ValueTypeBtfObjFd);
        AssertField(76, 4, ref s, ref s.MapTokenFd);
        AssertField(80, 8, ref s, ref s.ExclProgHash);
        AssertField(88, 4, ref s, ref s.ExclProgHashSize);
        Assert.Equal(92u, MapCreateAttr.WireSize);
    }

    [Fact]
    public void MapElementAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(MapElementAttr);
        AssertField(0, 4, ref s, ref s.MapFd);
        AssertField(8, 8, ref s, ref s.Key);
        AssertField(16, 8, ref s, ref s.Value);
        AssertField(16, 8, ref s, ref s.NextKey);
        AssertField(24, 8, ref s, ref s.Flags);
        Assert.Equal(32u, MapElementAttr.WireSize);
        Assert.Equal(32, Unsafe.SizeOf<MapElementAttr>());
    }

    [Fact]
    public void MapBatchAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(MapBatchAttr);
        AssertField(0, 8, ref s, ref s.InBatch);
        AssertField(8, 8, ref s, ref s.OutBatch);
        AssertField(16, 8, ref s, ref s.Keys);
        AssertField(24, 8, ref s, ref s.Values);
        AssertField(32, 4, ref s, ref s.Count);
        AssertField(36, 4, ref s, ref s.MapFd);
        AssertField(40, 8, ref s, ref s.ElementFlags);
        AssertField(48, 8, ref s, ref s.Flags);
        Assert.Equal(56u, MapBatchAttr.WireSize);
        Assert.Equal(56, Unsafe.SizeOf<MapBatchAttr>());
    }

    [Fact]
    public void ProgLoadAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(ProgLoadAttr);
        AssertField(0, 4, ref s, ref s.ProgType);
        AssertField(4, 4, ref s, ref s.InsnCnt);
        AssertField(8, 8, ref s, ref s.Insns);
        AssertField(16, 8, ref s, ref s.License);
        AssertField(24, 4, ref s, ref s.LogLevel);
        AssertField(28, 4, ref s, ref s.LogSize);
        AssertField(32, 8, ref s, ref s.LogBuf);
        AssertField(40, 4, ref s, ref s.KernVersion);
        AssertField(44, 4, ref s, ref s.ProgFlags);
        AssertField(48, 16, ref s, ref s.ProgName);
        AssertField(64, 4, ref s, ref s.ProgIfIndex);
        AssertField(68, 4, ref s, ref s.ExpectedAttachType);
        AssertField(72, 4, ref s, ref s.ProgBtfFd);
        AssertField(76, 4, ref s, ref s.FuncInfoRecSize);
        AssertField(80, 8, ref s, ref s.FuncInfo);
        AssertField(88, 4, ref s, ref s.FuncInfoCnt);
        AssertField(92, 4, ref s, ref s.LineInfoRecSize);
        AssertField(96, 8, ref s, ref s.LineInfo);
        AssertField(104, 4, ref s, ref s.LineInfoCnt);
        AssertField(108, 4, ref s, ref s.AttachBtfId);
        AssertField(112, 4, ref s, ref s.AttachProgFd);
        AssertField(112, 4, ref s, ref s.AttachBtfObjFd);
        AssertField(116, 4, ref s, ref s.CoreReloCnt);
        AssertField(120, 8, ref s, ref s.FdArray);
        AssertField(128, 8, ref s, ref s.CoreRelos);
        AssertField(136, 4, ref s, ref s.CoreReloRecSize);
        AssertField(140, 4, ref s, ref s.LogTrueSize);
        AssertField(144, 4, ref s, ref s.ProgTokenFd);
        AssertField(148, 4, ref s, ref s.FdArrayCnt);
        AssertField(152, 8, ref s, ref s.Signature);
        AssertField(160, 4, ref s, ref s.SignatureSize);
        AssertField(164, 4, ref s, ref s.KeyringId);
        Assert.Equal(168u, ProgLoadAttr.WireSize);
        Assert.Equal(168, Unsafe.SizeOf<ProgLoadAttr>());
    }

    [Fact]
    public void ObjPinAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(ObjPinAttr);
        AssertField(0, 8, ref s, ref s.PathName);
        AssertField(8, 4, ref s, ref s.BpfFd);
        AssertField(12, 4, ref s, ref s.FileFlags);
        AssertField(16, 4, ref s, ref s.PathFd);
        Assert.Equal(20u, ObjPinAttr.WireSize);
    }

    [Fact]
    public void ProgAttachAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(ProgAttachAttr);
        AssertField(0, 4, ref s, ref s.TargetFd);
        AssertField(0, 4, ref s, ref s.TargetIfIndex);
        AssertField(4, 4, ref s, ref s.AttachBpfFd);
        AssertField(8, 4, ref s, ref s.AttachType);
        AssertField(12, 4, ref s, ref s.AttachFlags);
        AssertField(16, 4, ref s, ref s.ReplaceBpfFd);
        AssertField(20, 4, ref s, ref s.RelativeFd);
        AssertField(20, 4, ref s, ref s.RelativeId);
        AssertField(24, 8, ref s, ref s.ExpectedRevision);
        Assert.Equal(32u, ProgAttachAttr.WireSize);
    }

    [Fact]
    public void ProgTestRunAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(ProgTestRunAttr);
        AssertField(0, 4, ref s, ref s.ProgFd);
        AssertField(4, 4, ref s, ref s.ReturnValue);
        AssertField(8, 4, ref s, ref s.DataSizeIn);
        AssertField(12, 4, ref s, ref s.DataSizeOut);
        AssertField(16, 8, ref s, ref s.DataIn);
        AssertField(24, 8, ref s, ref s.DataOut);
        AssertField(32, 4, ref s, ref s.Repeat);
        AssertField(36, 4, ref s, ref s.Duration);
        AssertField(40, 4, ref s, ref s.ContextSizeIn);
        AssertField(44, 4, ref s, ref s.ContextSizeOut);
        AssertField(48, 8, ref s, ref s.ContextIn);
        AssertField(56, 8, ref s, ref s.ContextOut);
        AssertField(64, 4, ref s, ref s.Flags);
        AssertField(68, 4, ref s, ref s.Cpu);
        AssertField(72, 4, ref s, ref s.BatchSize);
        Assert.Equal(80u, ProgTestRunAttr.WireSize);
    }

    [Fact]
    public void IdAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(IdAttr);
        AssertField(0, 4, ref s, ref s.Id);
        AssertField(0, 4, ref s, ref s.StartId);
        AssertField(4, 4, ref s, ref s.NextId);
        AssertField(8, 4, ref s, ref s.OpenFlags);
        AssertField(12, 4, ref s, ref s.TokenFd);
        Assert.Equal(12u, IdAttr.WireSize);
    }

    [Fact]
    public void GetInfoAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(GetInfoAttr);
        AssertField(0, 4, ref s, ref s.BpfFd);
        AssertField(4, 4, ref s, ref s.InfoLen);
        AssertField(8, 8, ref s, ref s.Info);
        Assert.Equal(16u, GetInfoAttr.WireSize);
    }

    [Fact]
    public void ProgQueryAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(ProgQueryAttr);
        AssertField(0, 4, ref s, ref s.TargetFd);
        AssertField(0, 4, ref s, ref s.TargetIfIndex);
        AssertField(4, 4, ref s, ref s.AttachType);
        AssertField(8, 4, ref s, ref s.QueryFlags);
        AssertField(12, 4, ref s, ref s.AttachFlags);
        AssertField(16, 8, ref s, ref s.ProgIds);
        AssertField(24, 4, ref s, ref s.Count);
        AssertField(32, 8, ref s, ref s.ProgAttachFlags);
        AssertField(40, 8, ref s, ref s.LinkIds);
        AssertField(48, 8, ref s, ref s.LinkAttachFlags);
        AssertField(56, 8, ref s, ref s.Revision);
        Assert.Equal(64u, ProgQueryAttr.WireSize);
    }

    [Fact]
    public void RawTracepointAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(RawTracepointAttr);
        AssertField(0, 8, ref s, ref s.Name);
        AssertField(8, 4, ref s, ref s.ProgFd);
        AssertField(16, 8, ref s, ref s.Cookie);
        Assert.Equal(24u, RawTracepointAttr.WireSize);
    }

    [Fact]
    public void BtfLoadAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(BtfLoadAttr);
        AssertField(0, 8, ref s, ref s.Btf);
        AssertField(8, 8, ref s, ref s.LogBuf);
        AssertField(16, 4, ref s, ref s.BtfSize);
        AssertField(20, 4, ref s, ref s.LogSize);
        AssertField(24, 4, ref s, ref s.LogLevel);
        AssertField(28, 4, ref s, ref s.LogTrueSize);
        AssertField(32, 4, ref s, ref s.Flags);
        AssertField(36, 4, ref s, ref s.TokenFd);
        Assert.Equal(40u, BtfLoadAttr.WireSize);
    }

    [Fact]
    public void TaskFdQueryAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(TaskFdQueryAttr);
        AssertField(0, 4, ref s, ref s.Pid);
        AssertField(4, 4, ref s, ref s.Fd);
        AssertField(8, 4, ref s, ref s.Flags);
        AssertField(12, 4, ref s, ref s.BufLen);
        AssertField(16, 8, ref s, ref s.Buf);
        AssertField(24, 4, ref s, ref s.ProgId);
        AssertField(28, 4, ref s, ref s.FdType);
        AssertField(32, 8, ref s, ref s.ProbeOffset);
        AssertField(40, 8, ref s, ref s.ProbeAddr);
        Assert.Equal(48u, TaskFdQueryAttr.WireSize);
    }

    [Fact]
    public void LinkCreateAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(LinkCreateAttr);
        AssertField(0, 4, ref s, ref s.ProgFd);
        AssertField(0, 4, ref s, ref s.MapFd);
        AssertField(4, 4, ref s, ref s.TargetFd);
        AssertField(4, 4, ref s, ref s.TargetIfIndex);
        AssertField(8, 4, ref s, ref s.AttachType);
        AssertField(12, 4, ref s, ref s.Flags);
        AssertField(16, 4, ref s, ref s.TargetBtfId);
        AssertField(24, 8, ref s, ref s.TracingCookie);
        AssertField(16, 8, ref s, ref s.IterInfo);
        AssertField(24, 4, ref s, ref s.IterInfoLen);
        AssertField(16, 8, ref s, ref s.PerfEventCookie);
        AssertField(16, 4, ref s, ref s.KprobeMultiFlags);
        AssertField(20, 4, ref s, ref s.KprobeMultiCount);
        AssertField(24, 8, ref s, ref s.KprobeMultiSymbols);
        AssertField(32, 8, ref s, ref s.KprobeMultiAddresses);
        AssertField(40, 8, ref s, ref s.KprobeMultiCookies);
        AssertField(16, 4, ref s, ref s.NetfilterFamily);
        AssertField(20, 4, ref s, ref s.NetfilterHook);
        AssertField(24, 4, ref s, ref s.NetfilterPriority);
        AssertField(28, 4, ref s, ref s.NetfilterFlags);
        AssertField(16, 4, ref s, ref s.RelativeFd);
        AssertField(16, 4, ref s, ref s.RelativeId);
        AssertField(24, 8, ref s, ref s.ExpectedRevision);
        AssertField(16, 8, ref s, ref s.UprobeMultiPath);
        AssertField(24, 8, ref s, ref s.UprobeMultiOffsets);
        AssertField(32, 8, ref s, ref s.UprobeMultiRefCtrOffsets);
        AssertField(40, 8, ref s, ref s.UprobeMultiCookies);
        AssertField(48, 4, ref s, ref s.UprobeMultiCount);
        AssertField(52, 4, ref s, ref s.UprobeMultiFlags);
        AssertField(56, 4, ref s, ref s.UprobeMultiPid);
        AssertField(60, 4, ref s, ref s.UprobeMultiPathFd);
        AssertField(16, 8, ref s, ref s.TracingMultiIds);
        AssertField(24, 8, ref s, ref s.TracingMultiCookies);
        AssertField(32, 4, ref s, ref s.TracingMultiCount);
        Assert.Equal(64u, LinkCreateAttr.WireSize);
        Assert.Equal(64, Unsafe.SizeOf<LinkCreateAttr>());
    }

    [Fact]
    public void LinkUpdateAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(LinkUpdateAttr);
        AssertField(0, 4, ref s, ref s.LinkFd);
        AssertField(4, 4, ref s, ref s.NewFd);
        AssertField(8, 4, ref s, ref s.Flags);
        AssertField(12, 4, ref s, ref s.OldFd);
        Assert.Equal(16u, LinkUpdateAttr.WireSize);
    }

    [Fact]
    public void ProgBindMapAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(ProgBindMapAttr);
        AssertField(0, 4, ref s, ref s.ProgFd);
        AssertField(4, 4, ref s, ref s.MapFd);
        AssertField(8, 4, ref s, ref s.Flags);
        Assert.Equal(12u, ProgBindMapAttr.WireSize);
    }

    [Fact]
    public void StreamReadAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(StreamReadAttr);
        AssertField(0, 8, ref s, ref s.Buffer);
        AssertField(8, 4, ref s, ref s.BufferLength);
        AssertField(12, 4, ref s, ref s.StreamId);
        AssertField(16, 4, ref s, ref s.ProgFd);
        Assert.Equal(24u, StreamReadAttr.WireSize);
    }

    [Fact]
    public void AssocStructOpsAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(AssocStructOpsAttr);
        AssertField(0, 4, ref s, ref s.MapFd);
        AssertField(4, 4, ref s, ref s.ProgFd);
        AssertField(8, 4, ref s, ref s.Flags);
        Assert.Equal(12u, AssocStructOpsAttr.WireSize);
    }

    [Fact]
    public void PerfEventAttr_is_laid_out_as_in_the_uapi()
    {
        var s = default(PerfEventAttr);
        AssertField(0, 4, ref s, ref s.Type);
        AssertField(4, 4, ref s, ref s.Size);
        AssertField(8, 8, ref s, ref s.Config);
        AssertField(24, 8, ref s, ref s.SampleType);
        AssertField(48, 4, ref s, ref s.WakeupEvents);
        AssertField(56, 8, ref s, ref s.Config1);
        AssertField(64, 8, ref s, ref s.Config2);
        Assert.Equal(144u, PerfEventAttr.WireSize);
    }

    [Fact]
    public void MapInfo_is_laid_out_as_in_the_uapi()
    {
        var s = default(MapInfo);
        AssertField(0, 4, ref s, ref s.Type);
        AssertField(4, 4, ref s, ref s.Id);
        AssertField(8, 4, ref s, ref s.KeySize);
        AssertField(12, 4, ref s, ref s.ValueSize);
        AssertField(16, 4, ref s, ref s.MaxEntries);
        AssertField(20, 4, ref s, ref s.MapFlags);
        AssertField(24, 16, ref s, ref s.Name);
        AssertField(40, 4, ref s, ref s.IfIndex);
        AssertField(44, 4, ref s, ref s.BtfVmlinuxValueTypeId);
        AssertField(48, 8, ref s, ref s.NetnsDevice);
        AssertField(64, 4, ref s, ref s.BtfId);
        AssertField(68, 4, ref s, ref s.BtfKeyTypeId);
        AssertField(72, 4, ref s, ref s.BtfValueTypeId);
        AssertField(80, 8, ref s, ref s.MapExtra);
        Assert.Equal(104, Unsafe.SizeOf<MapInfo>());
    }

    [Fact]
    public void BtfInfo_is_laid_out_as_in_the_uapi()
    {
        var s = default(BtfInfo);
        AssertField(0, 8, ref s, ref s.Btf);
        AssertField(8, 4, ref s, ref s.BtfSize);
        AssertField(12, 4, ref s, ref s.Id);
        AssertField(16, 8, ref s, ref s.Name);
        AssertField(24, 4, ref s, ref s.NameLen);
        AssertField(28, 4, ref s, ref s.KernelBtf);
        Assert.Equal(32, Unsafe.SizeOf<BtfInfo>());
    }

    [Fact]
    public void ProgInfo_is_laid_out_as_in_the_uapi()
    {
        var s = default(ProgInfo);
        AssertField(0, 4, ref s, ref s.Type);
        AssertField(4, 4, ref s, ref s.Id);
        AssertField(8, 8, ref s, ref s.Tag);
        AssertField(64, 16, ref s, ref s.Name);
        AssertField(128, 4, ref s, ref s.BtfId);
        Assert.Equal(232, Unsafe.SizeOf<ProgInfo>());
    }

    [Fact]
    public void LinkInfo_is_laid_out_as_in_the_uapi()
    {
        var s = default(LinkInfo);
        AssertField(0, 4, ref s, ref s.Type);
        AssertField(4, 4, ref s, ref s.Id);
        AssertField(8, 4, ref s, ref s.ProgId);
        Assert.Equal(64, Unsafe.SizeOf<LinkInfo>());
    }

    private static void AssertField<TStruct, TField>(int offset, int width, ref TStruct whole, ref TField field)
    {
        nint actual = Unsafe.ByteOffset(ref Unsafe.As<TStruct, byte>(ref whole), ref Unsafe.As<TField, byte>(ref field));
        Assert.Equal(offset, (int)actual);
        Assert.Equal(width, Unsafe.SizeOf<TField>());
        Assert.True(offset + width <= Unsafe.SizeOf<TStruct>());
    }
}
