using System.Globalization;
using Enneo.Core.Data;
using Enneo.Core.OAuth;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Core.Microsoft365.Checks;

public enum CheckState
{
    Good,
    Bad,

    /// <summary>It cannot be told from here, or nobody has said yet.</summary>
    Open,
}

/// <summary>One thing about the registration.</summary>
/// <param name="Text">How it stands, and where to click where it does not.</param>
/// <param name="Cause">What Microsoft said; null where it said nothing.</param>
public sealed record CheckFinding(CheckState State, string Text, Cause? Cause = null)
{
    internal static CheckFinding Refused(string code) => Causes.Of(code) is var cause ? new(CheckState.Bad, cause.Sentence, cause) : throw new InvalidOperationException();
}

/// <summary>
/// Looks whether the registration at Microsoft will do before a person meets what is wrong with it: the app and its secret,
/// the redirect address, the permissions, and when the secret ends. For admins.
/// </summary>
public sealed class RegistrationCheck
{
    /// <summary>What Microsoft says of a secret or certificate, wherever it is asked.</summary>
    private static readonly string[] s_ofSecret = ["AADSTS7000215", "AADSTS7000222", "AADSTS700027"];

    private readonly IDbContextFactory<EnneoDbContext> _dbFactory;
    private readonly Registration _registration;
    private readonly CloudHttp _http;
    private readonly GraphRoad _road;
    private readonly TimeProvider _clock;

    internal RegistrationCheck(IDbContextFactory<EnneoDbContext> dbFactory, Registration registration, CloudHttp http, GraphRoad road, TimeProvider clock) =>
        (_dbFactory, _registration, _http, _road, _clock) = (dbFactory, registration, http, road, clock);

    /// <param name="redirectUri">Where people are sent back to.</param>
    /// <returns>The app and its secret first; nothing else where Microsoft does not know these.</returns>
    public async Task<IReadOnlyList<CheckFinding>> RunAsync(string redirectUri, CancellationToken cancellationToken)
    {
        await using var db = await _dbFactory.CreateDbContextAsync(cancellationToken);
        var settings = await Microsoft365Settings.ReadAsync(db, cancellationToken);
        if (!settings.IsUsable)
        {
            return [CheckFinding.Refused(Causes.NotSetUp)];
        }

        var accounts = await db.ConnectedAccounts.AsNoTracking().Where(a => a.ProviderId == null && a.MailboxId != null).ToListAsync(cancellationToken);
        var app = settings.NamesDirectory ? await AppAsync(settings, cancellationToken) : await SecretAsync(settings, cancellationToken);
        if (app.State is CheckState.Bad)
        {
            return [app];
        }

        return
        [
            app,
            await RedirectProbe.RunAsync(_http, settings, redirectUri, cancellationToken),
            await ConsentOfAsync(db, settings, accounts, cancellationToken),
            .. await RolesAsync(db, settings, accounts, cancellationToken),
            EndOf(settings),
        ];
    }

    /// <summary>A token of the app itself proves tenant, client id and secret.</summary>
    private async Task<CheckFinding> AppAsync(Microsoft365Settings settings, CancellationToken cancellationToken)
    {
        try
        {
            await _registration.Application(settings).AcquireTokenForClient([$"{settings.Addresses.Graph}/.default"]).WithForceRefresh(true).ExecuteAsync(cancellationToken);
            return new(CheckState.Good, CheckText.App);
        }
        catch (Exception exception) when (SignInFailure.Covers(exception) && !cancellationToken.IsCancellationRequested)
        {
            return CheckFinding.Refused(SignInFailure.Of(exception).Code);
        }
    }

    /// <summary>
    /// <c>organizations</c> and <c>common</c> are no directory that could know an app by itself, and Microsoft may refuse to give it a token there however right
    /// all is. What it says of the secret is believed; tenant and client id are seen by the login that follows.
    /// </summary>
    private async Task<CheckFinding> SecretAsync(Microsoft365Settings settings, CancellationToken cancellationToken)
    {
        var app = await AppAsync(settings, cancellationToken);
        return app.State is CheckState.Good || app.Cause?.Code is { } code && s_ofSecret.Contains(code) ? app : new(CheckState.Open, string.Format(CultureInfo.CurrentCulture, CheckText.AppOpen, settings.Tenant));
    }

    private async Task<IReadOnlyList<CheckFinding>> RolesAsync(EnneoDbContext db, Microsoft365Settings settings, List<ConnectedAccount> accounts, CancellationToken cancellationToken)
    {
        var apps = accounts.Where(account => account.IsApplication).ToList();
        if (apps.Count > 0 && !settings.NamesDirectory)
        {
            return [CheckFinding.Refused(Causes.TenantMissing)];
        }

        var byGraph = await db.Mailboxes.Where(m => m.SendsByGraph).Select(m => m.Id).ToListAsync(cancellationToken);
        return await new ApplicationRoles(_registration, settings, _road)
            .RunAsync([.. apps.Select(app => new ApplicationMailbox(app.Id, app.Address, byGraph.Contains(app.MailboxId ?? 0)))], cancellationToken);
    }

    /// <summary>Microsoft tells an app nothing about what people may agree to; a mailbox that renews proves that somebody did.</summary>
    private static async Task<CheckFinding> ConsentOfAsync(EnneoDbContext db, Microsoft365Settings settings, List<ConnectedAccount> accounts, CancellationToken cancellationToken)
    {
        List<(ConnectedAccount Account, string? Problem)> people = [];
        foreach (var account in accounts.Where(account => !account.IsApplication))
        {
            people.Add((account, (await TokenNeeds.OfAsync(db, account.MailboxId, cancellationToken)).ProblemOf(account)));
        }

        return people.Select(one => one.Problem).FirstOrDefault(code => code is "AADSTS65001" or "AADSTS90094") is { } refused ? CheckFinding.Refused(refused)
            : settings.ConsentedAt is { } at ? Said(CheckState.Good, CheckText.Consented, at.UtcDateTime)
            : people.Where(one => one.Problem is null).Select(one => one.Account).MaxBy(account => account.RenewedAt) is { } works ? Said(CheckState.Good, CheckText.ConsentProven, works.Address, works.RenewedAt.UtcDateTime)
            : new(CheckState.Open, CheckText.ConsentOpen);
    }

    private CheckFinding EndOf(Microsoft365Settings settings) => settings.ExpiresAt is not { } endsAt ? new(CheckState.Open, CheckText.EndOpen)
        : SecretEnd.Of(settings, _clock.GetUtcNow()) is null ? Said(CheckState.Good, CheckText.End, endsAt.UtcDateTime)
        : Said(CheckState.Bad, CheckText.EndSoon, endsAt.UtcDateTime);

    private static CheckFinding Said(CheckState state, string format, params object[] values) => new(state, string.Format(CultureInfo.CurrentCulture, format, values));
}
