using System.Diagnostics.CodeAnalysis;

namespace Enneo.Core.Identity;

/// <summary>A row that belongs to a mailbox, and is seen by whoever may see that.</summary>
public interface IInMailbox
{
    long MailboxId { get; }
}

/// <summary>
/// Whose mail somebody may see: that of all mailboxes, or of some. Every read takes one and every change finds that of
/// its actor, as part of the query itself; what is out of reach is answered as what does not exist.
/// </summary>
public sealed class Reach : IEquatable<Reach>
{
    /// <summary>That of admins, of jobs and of the person at the machine.</summary>
    public static readonly Reach All = new(null);

    public static readonly Reach None = new([]);

    private readonly List<long>? _mailboxIds;

    private Reach(List<long>? mailboxIds) => _mailboxIds = mailboxIds;

    /// <summary>Ascending; null for all mailboxes.</summary>
    public IReadOnlyList<long>? MailboxIds => _mailboxIds;

    public bool IsAll => _mailboxIds is null;

    public static Reach Of(params IEnumerable<long> mailboxIds) => new([.. mailboxIds.Distinct().Order()]);

    /// <returns>What of it lies within some mailboxes.</returns>
    public Reach Within(IEnumerable<long> mailboxIds) => Of(mailboxIds.Where(Covers));

    public bool Covers(long mailboxId) => _mailboxIds is null || _mailboxIds.BinarySearch(mailboxId) >= 0;

    /// <summary>
    /// Rows are found by what else is asked of them, and then looked at: "+ 0" keeps SQLite from walking all of a mailbox
    /// by an index on it.
    /// </summary>
    /// <returns>Those of the rows that are within reach.</returns>
    public IQueryable<T> Of<T>(IQueryable<T> rows)
        where T : class, IInMailbox
    {
        var ids = _mailboxIds;
        return ids is null ? rows : rows.Where(row => ids.Contains(row.MailboxId + 0));
    }

    public bool Equals([NotNullWhen(true)] Reach? other) =>
        other is not null && (_mailboxIds, other._mailboxIds) is var (own, others) && (own is null || others is null ? own == others : own.SequenceEqual(others));

    public override bool Equals(object? obj) => Equals(obj as Reach);

    public override int GetHashCode() => _mailboxIds is null ? -1 : _mailboxIds.Aggregate(0, HashCode.Combine);
}
