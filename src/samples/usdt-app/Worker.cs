using System.Runtime.CompilerServices;

namespace Bpf.Samples;

/// <summary>The work that a request makes.</summary>
internal static class Worker
{
    /// <summary>Counts the primes below a number, slowly.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // so that a profile shows it by its name
    public static int CountPrimes(int below)
    {
        int count = 0;
        for (int candidate = 2; candidate < below; candidate++)
        {
            int divisor = 2;
            while (candidate % divisor != 0)
                divisor++;
            if (divisor == candidate)
                count++;
        }

        return count;
    }
}
