using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Conditions;
using Enneo.Core.Identity;
using Enneo.Core.Notes;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;

namespace Enneo.Web.Demo;

/// <summary>What a team has done with its mail after some weeks: tags, priorities, a note, an automation that is still switched off.</summary>
internal sealed class DemoDesk(
    TagEditing tags, TicketTagging tagging, TicketEditing editing, NoteWriting notes, AutomationEditing automations, TicketQueries tickets)
{
    private const string Origin = "demo";
    private const int MostTickets = 300;

    private Dictionary<string, long> _tickets = [];

    /// <param name="me">Whoever looks at the demo.</param>
    public async Task FillAsync(Actor me, CancellationToken cancellationToken)
    {
        var open = await tickets.ListAsync(Reach.All, new TicketFilter(null), null, MostTickets, cancellationToken);
        _tickets = open.DistinctBy(ticket => ticket.Subject).ToDictionary(ticket => ticket.Subject, ticket => ticket.Id, StringComparer.Ordinal);
        await TagAsync(me, cancellationToken);
        await editing.SetPriorityAsync(Find("Rückruf Gabel Baureihe T4"), TicketPriority.Urgent, me, Origin, cancellationToken);
        await editing.SetPriorityAsync(Find("Someone left a review"), TicketPriority.Low, me, Origin, cancellationToken);
        foreach (var ticket in Find("Wrong amount on invoice 4471"))
        {
            await notes.AddAsync(
                ticket, new NoteInput("<div>Tom agreed on 362.80 with her by phone: the basket was never delivered. The invoice needs a correction, the phone note lies in the folder.</div>"), me, Origin, cancellationToken);
        }

        await AddAutomationAsync(cancellationToken);
    }

    private async Task TagAsync(Actor me, CancellationToken cancellationToken)
    {
        var workshop = await AddAsync(new TagInput { Name = "Workshop", Colour = TagColour.Blue }, cancellationToken);
        var brakes = await AddAsync(new TagInput { Name = "Brakes", ParentId = workshop, Colour = TagColour.Teal, Priority = TicketPriority.High, SlaHours = 8 }, cancellationToken);
        var drive = await AddAsync(new TagInput { Name = "Gears and drive", ParentId = workshop, Colour = TagColour.Teal }, cancellationToken);
        var battery = await AddAsync(new TagInput { Name = "Battery", ParentId = workshop, Colour = TagColour.Yellow }, cancellationToken);
        var shop = await AddAsync(new TagInput { Name = "Shop", Colour = TagColour.Green }, cancellationToken);
        var damaged = await AddAsync(new TagInput { Name = "Damaged in transit", ParentId = shop, Colour = TagColour.Red, Priority = TicketPriority.High }, cancellationToken);
        var quotes = await AddAsync(new TagInput { Name = "Quotes", ParentId = shop, Colour = TagColour.Green }, cancellationToken);
        var money = await AddAsync(new TagInput { Name = "Invoices", Colour = TagColour.Purple, Type = TagType.Skill }, cancellationToken);
        await AddAsync(new TagInput { Name = "Junk mail", Colour = TagColour.Grey, IsSpam = true, Type = TagType.Other }, cancellationToken);
        foreach (var (tag, subjects) in (IReadOnlyList<(long, string[])>)
        [
            (brakes, ["Hinterbremse quietscht seit der Inspektion", "Tandem: who turns the rear brake?"]),
            (drive, ["Third gear skips under load", "Knarzen im Tretlager, zum dritten Mal"]),
            (battery, ["Akku lädt nur bis 60 %", "Where do you recycle old batteries?"]),
            (damaged, ["Frame box arrived damaged (order 88213)"]),
            (quotes, ["Quote for 40 company bicycles", "6 Räder für Kurierdienst, gebraucht", "Helmets for a school class"]),
            (money, ["Wrong amount on invoice 4471", "Rechnung R-2291, Teillieferung", "Zahlungserinnerung erhalten, schon bezahlt", "Facture en double"]),
        ])
        {
            await tagging.GiveAsync(Find(subjects), tag, me, Origin, cancellationToken);
        }
    }

    private Task AddAutomationAsync(CancellationToken cancellationToken) => automations.AddAsync(
        new AutomationInput
        {
            Name = "Reminders go to the top",
            IsEnabled = false,
            Conditions = new(false, [new(ConditionField.Subject, ConditionOperator.Contains, ["reminder", "Mahnung", "Zahlungserinnerung"])], []),
            Actions =
            [
                new(AutomationActionKind.Priority) { Priority = TicketPriority.High },
                new(AutomationActionKind.Note) { Text = "%NAME% reminds us. Look into the bank account before you answer." },
            ],
        },
        Actor.System, Origin, cancellationToken);

    private async Task<long> AddAsync(TagInput tag, CancellationToken cancellationToken) =>
        (await tags.AddAsync(tag, Actor.System, Origin, cancellationToken)).TagId ?? throw new InvalidOperationException($"The tag {tag.Name} could not be added.");

    /// <returns>Those of them that are open.</returns>
    private List<long> Find(params string[] subjects) => [.. subjects.Where(_tickets.ContainsKey).Select(subject => _tickets[subject])];
}
