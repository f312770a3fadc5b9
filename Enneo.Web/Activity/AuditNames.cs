using Enneo.Core.Identity;
using Enneo.Core.Mailboxes;

namespace Enneo.Web.Activity;

/// <summary>What people, programs and mailboxes are called now.</summary>
internal sealed record AuditNames(IReadOnlyDictionary<long, string> People, IReadOnlyDictionary<long, string> Mailboxes)
{
    public static readonly AuditNames None = new(new Dictionary<long, string>(), new Dictionary<long, string>());

    public static async Task<AuditNames> ReadAsync(Accounts accounts, ActorNames actors, MailboxQueries mailboxes, CancellationToken cancellationToken) => new(
        (await accounts.ListAsync(cancellationToken)).Select(person => KeyValuePair.Create(person.Id, person.DisplayName))
            .Concat(await actors.ProgramsAsync(cancellationToken)).ToDictionary(),
        (await mailboxes.ListAsync(Reach.All, cancellationToken)).ToDictionary(mailbox => mailbox.Id, mailbox => mailbox.Name));

    public string Person(long? id) => id is { } known && People.TryGetValue(known, out var name) ? name : AuditText.PersonGone;

    public string Mailbox(long? id) => id is { } known && Mailboxes.TryGetValue(known, out var name) ? name : AuditText.MailboxGone;
}
