using Enneo.Core.Activity;
using Enneo.Core.Conditions;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Automations;

/// <summary>All that can be said of an automation.</summary>
public sealed record AutomationInput
{
    public string? Name { get; init; }
    public bool IsEnabled { get; init; }

    /// <summary>None for all mailboxes.</summary>
    public IReadOnlyList<long> MailboxIds { get; init; } = [];

    public ConditionGroup Conditions { get; init; } = ConditionGroup.Empty;
    public IReadOnlyList<AutomationAction> Actions { get; init; } = [];

    public static AutomationInput Of(Automation automation) => new()
    {
        Name = automation.Name,
        IsEnabled = automation.IsEnabled,
        MailboxIds = automation.MailboxIds,
        Conditions = automation.Conditions,
        Actions = automation.Actions,
    };
}

/// <summary>The rules of an automation.</summary>
public sealed class AutomationInputValidator : AbstractValidator<AutomationInput>
{
    private const int MaxNameLength = 200;
    private const int MaxActions = 20;

    public AutomationInputValidator()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(a => a.Name).Must(name => name?.Trim() is { Length: > 0 and <= MaxNameLength } && !name.Any(char.IsControl)).WithMessage(_ => AutomationText.NameInvalid);
        RuleFor(a => a.Conditions).SetValidator(new ConditionGroupValidator());
        RuleFor(a => a.Actions)
            .Must(actions => actions.Count is > 0 and <= MaxActions).WithMessage(_ => AutomationText.NoAction)
            .Must(actions => actions.All(IsWhole)).WithMessage(_ => AutomationText.ActionIncomplete);
    }

    private static bool IsWhole(AutomationAction action) => action.Kind switch
    {
        AutomationActionKind.Tag or AutomationActionKind.Untag => action.TagId is not null,
        AutomationActionKind.Assign => action.PersonId is not null,
        AutomationActionKind.Status => action.Status is not null,
        AutomationActionKind.Priority => action.Priority is not null,
        _ => action.TemplateId is not null || action.Text?.Trim() is { Length: > 0 and <= ReplyTemplate.MaxLength },
    };
}

/// <summary>How an edit ended.</summary>
/// <param name="Errors">By field; empty on success.</param>
public sealed record AutomationEditResult(long? AutomationId, IReadOnlyDictionary<string, string[]> Errors);

/// <summary>Adds, changes, orders and deletes automations, and says what mailboxes answer by themselves. For admins.</summary>
public sealed class AutomationEditing(WriterLane lane, AutomationInputValidator validator, TimeProvider clock)
{
    public Task<AutomationEditResult> AddAsync(AutomationInput input, Actor actor, string origin, CancellationToken cancellationToken) =>
        SaveAsync(null, input, actor, origin, cancellationToken);

    public Task<AutomationEditResult> UpdateAsync(long automationId, AutomationInput input, Actor actor, string origin, CancellationToken cancellationToken) =>
        SaveAsync(automationId, input, actor, origin, cancellationToken);

    /// <param name="position">Its new place, from 0.</param>
    /// <returns>False if there is no such automation.</returns>
    public Task<bool> MoveAsync(long automationId, int position, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            var all = await db.Automations.OrderBy(a => a.Position).ThenBy(a => a.Id).ToListAsync(token);
            if (all.Find(a => a.Id == automationId) is not { } moved)
            {
                return false;
            }

            var before = all.IndexOf(moved);
            all.Remove(moved);
            all.Insert(Math.Clamp(position, 0, all.Count), moved);
            foreach (var (index, automation) in all.Index())
            {
                automation.Position = index;
            }

            db.Activity.Add(Entry(ActivityKind.AutomationChanged, actor, origin, moved, ("position", before, moved.Position)));
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);

    /// <returns>False if there is no such automation.</returns>
    public Task<bool> DeleteAsync(long automationId, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if (await db.Automations.FindAsync([automationId], token) is not { } automation)
            {
                return false;
            }

            db.Automations.Remove(automation);
            db.Activity.Add(ActivityEntry.Of(ActivityKind.AutomationRemoved, actor, origin, clock, changes: ("name", automation.Name, null)));
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);

    /// <summary>What a mailbox answers by itself.</summary>
    /// <returns>False if there is no such mailbox, or no text for what is switched on.</returns>
    public Task<bool> SetAutoReplyAsync(long mailboxId, bool isEnabled, string text, Actor actor, string origin, CancellationToken cancellationToken) => lane.RunAsync(
        async (db, token) =>
        {
            if ((isEnabled && string.IsNullOrWhiteSpace(text)) || text.Length > ReplyTemplate.MaxLength || !await db.Mailboxes.AnyAsync(m => m.Id == mailboxId && m.RemovedAt == null, token))
            {
                return false;
            }

            var reply = await db.MailboxAutoReplies.FindAsync([mailboxId], token) ?? db.MailboxAutoReplies.Add(new MailboxAutoReply { MailboxId = mailboxId }).Entity;
            db.Activity.Add(ActivityEntry.Of(
                ActivityKind.AutoReplyChanged, actor, origin, clock, mailboxId, changes: [("enabled", reply.IsEnabled, isEnabled), ("text", reply.Text, text)]));
            (reply.IsEnabled, reply.Text) = (isEnabled, text);
            await db.SaveChangesAsync(token);
            return true;
        },
        cancellationToken);

    private async Task<AutomationEditResult> SaveAsync(long? automationId, AutomationInput input, Actor actor, string origin, CancellationToken cancellationToken)
    {
        var errors = FieldPaths.Of(await validator.ValidateAsync(input, cancellationToken));
        return errors.Count > 0 ? new(null, errors) : await lane.RunAsync(
            async (db, token) =>
            {
                var stored = automationId is { } id ? await db.Automations.FindAsync([id], token) : null;
                if (automationId is not null && stored is null)
                {
                    return new AutomationEditResult(null, new Dictionary<string, string[]> { [""] = [AutomationText.NoSuchAutomation] });
                }

                var automation = stored ?? db.Automations.Add(new Automation { Name = "", Position = await db.Automations.CountAsync(token) }).Entity;
                var before = (automation.Name, automation.IsEnabled);
                (automation.Name, automation.IsEnabled, automation.MailboxIds) = (input.Name!.Trim(), input.IsEnabled, [.. input.MailboxIds]);
                (automation.Conditions, automation.Actions) = (input.Conditions, [.. input.Actions]);
                automation.Version++;
                await db.SaveChangesAsync(token);
                db.Activity.Add(stored is null
                    ? Entry(ActivityKind.AutomationAdded, actor, origin, automation, ("enabled", null, automation.IsEnabled))
                    : Entry(ActivityKind.AutomationChanged, actor, origin, automation, ("enabled", before.IsEnabled, automation.IsEnabled)));
                await db.SaveChangesAsync(token);
                return new AutomationEditResult(automation.Id, errors);
            },
            cancellationToken);
    }

    private ActivityEntry Entry(ActivityKind kind, Actor actor, string origin, Automation automation, (string, object?, object?) change) =>
        ActivityEntry.Of(kind, actor, origin, clock, changes: [("automation", automation.Id, automation.Id), ("name", null, automation.Name), change]);
}
