using System.Text.Json;
using Enneo.Core.Data;

namespace Enneo.Core.Processing;

/// <summary>
/// One step on the way of a mail. It finds out outside of any transaction, as slowly as it must; what it wants written
/// goes with the record of it and the run's next step into one, so that each step is done once, whatever breaks off.
/// </summary>
public interface IProcessingStep
{
    /// <summary>Stored with runs and records: it never changes.</summary>
    string Name { get; }

    /// <summary>Whether a ticket that is spam takes it too.</summary>
    bool IsForSpam { get; }

    /// <summary>Whether a mail takes it whose conversation a person has just called clean.</summary>
    bool IsForReprocessing { get; }

    /// <summary>Whatever it throws is a failure: it is tried again, and in the end passed over.</summary>
    Task<StepFinding> RunAsync(ProcessedMail mail, CancellationToken cancellationToken);
}

/// <summary>What a step found.</summary>
/// <param name="Details">An object, stored as JSON, from which its words are made where it is shown.</param>
/// <param name="Write">Within a transaction of the writer lane. Others may have changed the ticket since: it looks again.</param>
public sealed record StepFinding(StepOutcome Outcome, object Details, Func<EnneoDbContext, CancellationToken, Task>? Write = null)
{
    public static StepFinding Nothing { get; } = new(StepOutcome.Done, new { });

    internal string Json => JsonSerializer.Serialize(Details);
}
