using System;
using System.Collections.Generic;
using Xunit;

namespace Bpf.Loader.Tests;

/// <summary>Damaged copies of sound bytes: what a reader must survive.</summary>
internal static class Damage
{
    /// <summary>What a read may allocate at most: a multiple of the file, and some for the machinery around it.</summary>
    private const long AllocationPerByte = 200;
    private const long AllocationBase = 2 << 20;

    /// <summary>Every beginning of the bytes.</summary>
    public static IEnumerable<(string What, ReadOnlyMemory<byte> Bytes)> Truncations(byte[] sound)
    {
        for (int length = 0; length < sound.Length; length++) yield return ($"cut to {length} bytes", sound.AsMemory(0, length));
    }

    /// <summary>Copies in which one to three places are changed: a bit, a byte, or a number of four bytes that is often an extreme one.</summary>
    public static IEnumerable<(string What, ReadOnlyMemory<byte> Bytes)> Flips(byte[] sound, int count, int seed)
    {
        var random = new Random(seed);
        uint[] extremes = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffff8, (uint)sound.Length, 0xff00, 0xffff];
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = (byte[])sound.Clone();
            for (int places = random.Next(1, 4); places > 0; places--)
            {
                int at = random.Next(bytes.Length);
                switch (random.Next(3))
                {
                    case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                    case 1: bytes[at] = (byte)random.Next(256); break;
                    default:
                        uint number = extremes[random.Next(extremes.Length)];
                        at &= ~3;
                        for (int k = 0; k < 4 && at + k < bytes.Length; k++) bytes[at + k] = (byte)(number >> (8 * k));
                        break;
                }
            }

            yield return ($"flip {i} of seed {seed}", bytes);
        }
    }

    /// <summary>Reads each copy: it must be accepted, or refused with the exception for files; and neither may take much memory.</summary>
    public static void MustBeSurvived(IEnumerable<(string What, ReadOnlyMemory<byte> Bytes)> copies, Action<ReadOnlyMemory<byte>> read)
    {
        int refused = 0, accepted = 0;
        foreach ((string what, ReadOnlyMemory<byte> bytes) in copies)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(bytes);
                accepted++;
            }
            catch (BpfFormatException e)
            {
                Assert.NotEmpty(e.Message);
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{what}: {e}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated <= AllocationBase + (AllocationPerByte * bytes.Length), $"{what}: {allocated} bytes were allocated for a file of {bytes.Length}");
        }

        Assert.True(refused > 0, $"No damage was noticed in {accepted} copies.");
    }
}
