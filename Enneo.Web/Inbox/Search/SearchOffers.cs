using Enneo.Core.Mailboxes;
using Enneo.Core.Search;
using Enneo.Core.Search.Language;
using Enneo.Core.Tags;
using Enneo.Web.Identity;

namespace Enneo.Web.Inbox.Search;

/// <summary>Something that can stand where somebody is typing.</summary>
/// <param name="Value">What is put there.</param>
/// <param name="Title">What it is called.</param>
/// <param name="About">What it means, or its address.</param>
internal sealed record SearchOffer(string Value, string Title, string About);

/// <summary>Completes operators and their values while a query is being typed.</summary>
internal sealed class SearchOffers(SearchSuggestions suggestions, CurrentReach reach)
{
    private static readonly string[] s_times = ["today", "7d", "1m", "1y"];

    public async Task<IReadOnlyList<SearchOffer>> ForAsync(
        UnfinishedWord word, bool isEmpty, IReadOnlyList<MailboxListing> mailboxes, IReadOnlyList<TagListing> tags, CancellationToken cancellationToken) => word.Operator switch
        {
            null when word.Typed.Length == 0 && !isEmpty => [], // between words nobody wants to be disturbed
            null => [.. Operators.All.Where(known => Begins(known.Name, word.Typed)).Select(known => new SearchOffer(known.Name + ":", known.Name + ":", About(known.Operator)))],
            Operator.From => await PeopleAsync(word, SearchField.From, cancellationToken),
            Operator.To => await PeopleAsync(word, SearchField.To, cancellationToken),
            Operator.Has => Words(word, [Operators.Attachment]),
            Operator.Is => Words(word, Operators.States),
            Operator.Mailbox => [.. mailboxes
                .Where(mailbox => mailbox.Name.Contains(word.Typed, StringComparison.CurrentCultureIgnoreCase) || Begins(mailbox.Address, word.Typed))
                .Select(mailbox => new SearchOffer(mailbox.Name, mailbox.Name, mailbox.Address))],
            Operator.Tag => [.. tags
                .Where(tag => tag.Visibility is not TagVisibility.Disabled && tag.FullName.Contains(word.Typed, StringComparison.CurrentCultureIgnoreCase))
                .Select(tag => new SearchOffer(tag.Name, tag.Name, tag.FullName == tag.Name ? "" : tag.FullName))],
            Operator.Before or Operator.After => Words(word, s_times),
            _ => [],
        };

    public static string About(Operator named) => named switch
    {
        Operator.From => SearchWords.AboutFrom,
        Operator.To => SearchWords.AboutTo,
        Operator.Subject => SearchWords.AboutSubject,
        Operator.Has => SearchWords.AboutHas,
        Operator.FileName => SearchWords.AboutFileName,
        Operator.Is => SearchWords.AboutIs,
        Operator.Tag => SearchWords.AboutTag,
        Operator.Mailbox => SearchWords.AboutMailbox,
        Operator.Before => SearchWords.AboutBefore,
        _ => SearchWords.AboutAfter,
    };

    private async Task<IReadOnlyList<SearchOffer>> PeopleAsync(UnfinishedWord word, SearchField field, CancellationToken cancellationToken) =>
        [.. (await suggestions.PeopleAsync(await reach.NowAsync(cancellationToken), word.Typed, field, cancellationToken)).Select(person =>
            person.Name.Length > 0 ? new SearchOffer(person.Address, person.Name, person.Address) : new(person.Address, person.Address, ""))];

    private static List<SearchOffer> Words(UnfinishedWord word, IEnumerable<string> words) =>
        [.. words.Where(value => Begins(value, word.Typed) && value != word.Typed).Select(value => new SearchOffer(value, value, ""))];

    private static bool Begins(string value, string typed) => value.StartsWith(typed, StringComparison.OrdinalIgnoreCase);
}
