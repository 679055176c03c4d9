using System.CommandLine;
using System.Runtime.InteropServices;

namespace Bpf.Samples;

/// <summary>What all samples do alike: Ctrl-C ends them in order, and a refusal of the kernel is a message, not a stack trace.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(this RootCommand command, string[] args)
    {
        using var ended = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, ended.Token);

        // The second signal ends the process at once, should the first not have done it.
        void End(PosixSignalContext signal)
        {
            signal.Cancel = !ended.IsCancellationRequested;
            ended.Cancel();
        }
    }

    /// <summary>Says what a command does.</summary>
    /// <param name="command">The command.</param>
    /// <param name="action">What it does with its arguments, until the token is cancelled.</param>
    public static void Does(this Command command, Func<ParseResult, CancellationToken, Task> action) => command.SetAction(async (arguments, cancellation) =>
    {
        try
        {
            await action(arguments, cancellation);
            return 0;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception error) when (error is BpfException or IOException)
        {
            await Console.Error.WriteLineAsync($"{command.Name}: {error.Message}");
            return 1;
        }
    });
}
