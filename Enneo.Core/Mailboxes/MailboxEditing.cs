using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;
using FluentValidation;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Mailboxes;

/// <summary>How an edit ended.</summary>
/// <param name="Errors">By field path, such as <c>data.imap.host</c>; empty on success.</param>
/// <param name="Notes">What was accepted but does nothing yet, one sentence each.</param>
public sealed record MailboxEditResult(long? MailboxId, IReadOnlyDictionary<string, string[]> Errors, IReadOnlyList<string> Notes)
{
    public bool Succeeded => MailboxId is not null;

    internal static MailboxEditResult Refused(IReadOnlyDictionary<string, string[]> errors) => new(null, errors, []);

    internal static MailboxEditResult Refused(string field, string error) => Refused(new Dictionary<string, string[]> { [field] = [error] });
}

/// <summary>Adds and changes mailboxes; the form and the command call it.</summary>
public sealed class MailboxEditing
{
    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly WriterLane _lane;
    private readonly MailboxInputValidator _validator;
    private readonly ServerSettling _settling;
    private readonly TimeProvider _clock;

    public MailboxEditing(
        IDbContextFactory<EnneoDbContext> dbFactory, WriterLane lane, MailboxInputValidator validator, MailboxCredentials credentials, TimeProvider clock)
    {
        (_dbFactory, _lane, _validator, _clock) = (dbFactory, lane, validator, clock);
        _settling = new ServerSettling(credentials);
    }

    public async Task<MailboxEditResult> AddAsync(MailboxInput input, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (Errors(input, adding: true) is { Count: > 0 } errors)
        {
            return MailboxEditResult.Refused(errors);
        }

        var wanted = await ByLogin.ApplyAsync(input.Normalized(), stored: null, _dbFactory, cancellationToken);
        var servers = _settling.Settle(wanted, stored: null);
        return servers is { Imap: { } imap, Smtp: { } smtp }
            ? await _lane.RunAsync((db, token) => AddAsync(db, wanted, imap, smtp, actor, origin, token), cancellationToken)
            : MailboxEditResult.Refused(servers.Errors);
    }

    public async Task<MailboxEditResult> UpdateAsync(long mailboxId, MailboxInput input, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (Errors(input, adding: false) is { Count: > 0 } errors)
        {
            return MailboxEditResult.Refused(errors);
        }

        if (await StoredAsync(mailboxId, cancellationToken) is not { } stored)
        {
            return MailboxEditResult.Refused("", MailboxText.NoSuchMailbox);
        }

        var wanted = await ByLogin.ApplyAsync(input.Normalized(), stored, _dbFactory, cancellationToken);
        if (!wanted.Data.Method.Equals(stored.Method.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            return MailboxEditResult.Refused("data.method", MailboxText.MethodStays);
        }

        var servers = _settling.Settle(wanted, stored);
        return servers is { Imap: { } imap, Smtp: { } smtp }
            ? await _lane.RunAsync((db, token) => UpdateAsync(db, stored, wanted, imap, smtp, actor, origin, token), cancellationToken)
            : MailboxEditResult.Refused(servers.Errors);
    }

    /// <returns>The mailbox as input, without passwords; null if there is none.</returns>
    public async Task<MailboxInput?> FindAsync(long mailboxId, CancellationToken cancellationToken)
    {
        if (await StoredAsync(mailboxId, cancellationToken) is not { } mailbox)
        {
            return null;
        }

        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var input = MailboxWriting.ToInput(mailbox);
        return input with { Data = input.Data with { SeenBy = await MailboxViewers.AddressesAsync(db, mailboxId, cancellationToken) } };
    }

    /// <summary>Lets a paused mailbox sync and send again.</summary>
    /// <returns>False if there is no such mailbox.</returns>
    public Task<bool> EnableAsync(long mailboxId, Actor actor, string origin, CancellationToken cancellationToken) =>
        ChangeAsync(mailboxId, mailbox => mailbox.Enabled = true, actor, origin, cancellationToken);

    /// <summary>Stops syncing and sending until <see cref="EnableAsync"/>; nothing is removed.</summary>
    /// <returns>False if there is no such mailbox.</returns>
    public Task<bool> PauseAsync(long mailboxId, Actor actor, string origin, CancellationToken cancellationToken) =>
        ChangeAsync(mailboxId, mailbox => mailbox.Enabled = false, actor, origin, cancellationToken);

    /// <summary>From now on its servers are only read.</summary>
    /// <returns>False if there is no such mailbox.</returns>
    public Task<bool> EnterShadowAsync(long mailboxId, Actor actor, string origin, CancellationToken cancellationToken) =>
        ChangeAsync(mailboxId, mailbox => mailbox.IsShadow = true, actor, origin, cancellationToken);

    /// <summary>The mailbox is used with another consent from now on; what is synced, threaded and waiting stays.</summary>
    /// <returns>What is wrong; null when it was done.</returns>
    public Task<string?> ReconnectAsync(long mailboxId, long accountId, Actor actor, string origin, CancellationToken cancellationToken) => _lane.RunAsync(
        async (db, token) =>
        {
            if (await db.Mailboxes.FindAsync([mailboxId], token) is not { RemovedAt: null, IsByLogin: true } mailbox)
            {
                return MailboxText.NoSuchMailbox;
            }

            if (await ByLogin.ProblemAsync(db, accountId, mailbox.Method.ToString().ToLowerInvariant(), mailbox.Address, mailboxId, token) is { } problem)
            {
                return problem;
            }

            if (await ByLogin.IsOfAnotherProviderAsync(db, accountId, mailboxId, token))
            {
                return MailboxText.AccountMissing; // its servers would be another's
            }

            await ByLogin.BindAsync(db, accountId, mailboxId, token);
            await new MailboxRecording(db, actor, origin, _clock).ChangedAsync(mailbox, MailboxSnapshot.Of(mailbox), ["connection"], token);
            return null;
        },
        cancellationToken);

    private Task<bool> ChangeAsync(long mailboxId, Action<Mailbox> change, Actor actor, string origin, CancellationToken cancellationToken) =>
        _lane.RunAsync(
            async (db, token) =>
            {
                if (await db.Mailboxes.FindAsync([mailboxId], token) is not { RemovedAt: null } mailbox)
                {
                    return false;
                }

                var before = MailboxSnapshot.Of(mailbox);
                change(mailbox);
                await new MailboxRecording(db, actor, origin, _clock).ChangedAsync(mailbox, before, [], token);
                return true;
            },
            cancellationToken);

    private async Task<MailboxEditResult> AddAsync(
        EnneoDbContext db, MailboxInput wanted, ServerSettings imap, ServerSettings smtp, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await IsTakenAsync(db, wanted.Data.Address!, exceptId: 0, cancellationToken))
        {
            return MailboxEditResult.Refused("data.address", MailboxText.AddressTaken);
        }

        if (await db.Mailboxes.AnyAsync(m => m.Address == wanted.Data.Address && m.IsToBeErased, cancellationToken))
        {
            return MailboxEditResult.Refused("data.address", MailboxText.AddressBeingErased);
        }

        MailboxViewers viewers = new(db, actor, origin, _clock);
        if (await viewers.ProblemAsync(wanted.Data.SeenBy, cancellationToken) is { } stranger)
        {
            return MailboxEditResult.Refused("data.seenBy", stranger);
        }

        if (await ByLogin.ProblemAsync(db, wanted, mailboxId: null, cancellationToken) is { } unconnected)
        {
            return MailboxEditResult.Refused(ByLogin.Field, unconnected);
        }

        MailboxRecording recording = new(db, actor, origin, _clock);
        var mailbox = await TakeBackAsync(db, wanted, imap, smtp, cancellationToken) ?? MailboxWriting.Create(wanted, imap, smtp, _clock.GetUtcNow());
        mailbox.IsDefault = wanted.IsDefault || !await db.Mailboxes.AnyAsync(m => m.IsDefault, cancellationToken);
        await recording.AddedAsync(mailbox, cancellationToken);
        await ByLogin.BindAsync(db, wanted, mailbox.Id, cancellationToken);
        await viewers.SetAsync(mailbox.Id, wanted.Data.SeenBy, cancellationToken);
        await recording.OnlyDefaultAsync(mailbox, cancellationToken);
        return new MailboxEditResult(mailbox.Id, new Dictionary<string, string[]>(), MailboxNotes.For(mailbox, wanted));
    }

    private async Task<MailboxEditResult> UpdateAsync(
        EnneoDbContext db, Mailbox stored, MailboxInput wanted, ServerSettings imap, ServerSettings smtp, Actor actor, string origin, CancellationToken cancellationToken)
    {
        if (await db.Mailboxes.FindAsync([stored.Id], cancellationToken) is not { } mailbox || mailbox.Version != stored.Version)
        {
            return MailboxEditResult.Refused("", MailboxText.ChangedMeanwhile);
        }

        if (await IsTakenAsync(db, wanted.Data.Address!, mailbox.Id, cancellationToken))
        {
            return MailboxEditResult.Refused("data.address", MailboxText.AddressTaken);
        }

        MailboxViewers viewers = new(db, actor, origin, _clock);
        if (await viewers.ProblemAsync(wanted.Data.SeenBy, cancellationToken) is { } stranger)
        {
            return MailboxEditResult.Refused("data.seenBy", stranger);
        }

        if (await ByLogin.ProblemAsync(db, wanted, mailbox.Id, cancellationToken) is { } unconnected)
        {
            return MailboxEditResult.Refused(ByLogin.Field, unconnected);
        }

        await ByLogin.BindAsync(db, wanted, mailbox.Id, cancellationToken);
        if (wanted.Data.SeenBy is { } seenBy)
        {
            await viewers.SetAsync(mailbox.Id, seenBy, cancellationToken);
        }

        MailboxRecording recording = new(db, actor, origin, _clock);
        var before = MailboxSnapshot.Of(mailbox);
        MailboxWriting.Apply(wanted, imap, smtp, mailbox);
        mailbox.IsDefault = wanted.IsDefault || stored.IsDefault; // there is always one: another takes it over, it is not given up
        await recording.ChangedAsync(mailbox, before, NewPasswords(wanted), cancellationToken);
        await recording.OnlyDefaultAsync(mailbox, cancellationToken);

        var notes = MailboxNotes.For(mailbox, wanted);
        return new MailboxEditResult(
            mailbox.Id,
            new Dictionary<string, string[]>(),
            stored.IsDefault && !wanted.IsDefault ? [.. notes, MailboxText.NoteStaysDefault] : notes);
    }

    /// <summary>A removed mailbox whose conversations were kept: they are its own again, and what came meanwhile is history.</summary>
    private async Task<Mailbox?> TakeBackAsync(
        EnneoDbContext db, MailboxInput wanted, ServerSettings imap, ServerSettings smtp, CancellationToken cancellationToken)
    {
        var mailbox = await db.Mailboxes.AsTracking().SingleOrDefaultAsync(m => m.Address == wanted.Data.Address && m.RemovedAt != null, cancellationToken);
        if (mailbox is not null)
        {
            MailboxWriting.Begin(wanted, imap, smtp, mailbox);
            (mailbox.RemovedAt, mailbox.ConnectedAt) = (null, _clock.GetUtcNow());
            mailbox.Version++;
        }

        return mailbox;
    }

    private static IEnumerable<string> NewPasswords(MailboxInput wanted)
    {
        if (wanted.Data.Account is not null)
        {
            yield return "connection";
        }

        if (wanted.Data.Imap.Password is not null)
        {
            yield return "imap.password";
        }

        if (wanted.Data.Smtp.Password is not null)
        {
            yield return "smtp.password";
        }
    }

    private Dictionary<string, string[]> Errors(MailboxInput input, bool adding) =>
        FieldPaths.Of(_validator.Validate(input, rules => rules.IncludeRuleSets(adding ? ["default", MailboxInputValidator.Adding] : ["default"])));

    private async Task<Mailbox?> StoredAsync(long mailboxId, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Mailboxes.AsNoTracking().SingleOrDefaultAsync(m => m.Id == mailboxId && m.RemovedAt == null, cancellationToken);
    }

    private static Task<bool> IsTakenAsync(EnneoDbContext db, string address, long exceptId, CancellationToken cancellationToken) =>
        db.Mailboxes.AnyAsync(m => m.Address == address && m.Id != exceptId && m.RemovedAt == null, cancellationToken);
}
