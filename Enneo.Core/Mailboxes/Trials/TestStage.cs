using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Enneo.Core.Connections;

namespace Enneo.Core.Mailboxes.Trials;

/// <summary>What a stage that succeeded has to say.</summary>
internal sealed record StageDone(string Text, string? ServerText = null);

/// <summary>One stage of a test, run when all before it succeeded.</summary>
/// <param name="Purpose">Shown when it is not reached.</param>
/// <param name="Timed">False for a stage that only reports what an earlier one found.</param>
internal sealed record TestStage(string Purpose, Func<CancellationToken, Task<StageDone>> RunAsync, bool Timed = true)
{
    /// <summary>Runs the stages in order and turns the first failure into words; those behind it are not reached.</summary>
    public static async IAsyncEnumerable<TestStep> RunAllAsync(
        IReadOnlyList<TestStage> stages, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var failed = false;
        foreach (var stage in stages)
        {
            var step = failed
                ? new TestStep(stage.Purpose, StepState.NotReached, null)
                : await stage.RunOneAsync(clock, cancellationToken);
            failed |= step.State is StepState.Failed;
            yield return step;
        }
    }

    private async Task<TestStep> RunOneAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            var done = await RunAsync(cancellationToken);
            return new TestStep(done.Text, StepState.Done, Took(), done.ServerText);
        }
        catch (MailConnectionException exception)
        {
            return new TestStep(exception.Message, StepState.Failed, Took(), exception.ServerText, exception.Certificate?.Fingerprint);
        }
        catch (CryptographicException)
        {
            return new TestStep(MailboxText.PasswordUnreadable, StepState.Failed, null);
        }

        TimeSpan? Took() => Timed ? clock.GetElapsedTime(started) : null;
    }
}
