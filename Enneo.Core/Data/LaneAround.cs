namespace Enneo.Core.Data;

/// <summary>Does something before and after a work, in its transaction.</summary>
/// <param name="work">To be run once.</param>
public delegate Task LaneAround(EnneoDbContext db, Func<Task> work, CancellationToken cancellationToken);
