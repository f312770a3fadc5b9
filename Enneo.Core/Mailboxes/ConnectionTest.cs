using System.Globalization;
using System.Runtime.CompilerServices;
using Enneo.Core.Connections;
using Enneo.Core.Data;
using Enneo.Core.Mailboxes.Rules;
using Enneo.Core.Mailboxes.Trials;
using Enneo.Core.Microsoft365;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using MimeKit.Utils;

namespace Enneo.Core.Mailboxes;

public enum StepState
{
    Done,
    Failed,

    /// <summary>An earlier step failed.</summary>
    NotReached,
}

/// <summary>One step of a test, as it is shown.</summary>
/// <param name="Text">What was done, or what is wrong and what to do.</param>
/// <param name="ServerText">The server's own words, on failure, and when it accepted a mail; not encoded.</param>
/// <param name="UntrustedCertificate">SHA-256 fingerprint in hex, when trusting this certificate would help.</param>
public sealed record TestStep(string Text, StepState State, TimeSpan? Took, string? ServerText = null, string? UntrustedCertificate = null);

/// <summary>Test Email Receipt: connect, TLS, sign in, open INBOX, count, read the newest header. Imports nothing, changes no flag.</summary>
public sealed class ConnectionTest(
    IDbContextFactory<EnneoDbContext> dbFactory, ImapConnector imapConnector, SmtpConnector smtpConnector, MailboxCredentials credentials, MailboxSignIn signIn, GraphSending graph, GraphReading reading, MicrosoftPace pace, TimeProvider clock)
{
    private const string Microsoft = "microsoft365";

    private readonly ServerSettling _settling = new(credentials);

    /// <summary>Yields each step when it is done. Tests what the form says, before it is saved.</summary>
    /// <param name="mailboxId">When editing: where a password that was not typed again is taken from.</param>
    public async IAsyncEnumerable<TestStep> RunAsync(
        MailboxInput input, long? mailboxId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stored = await StoredAsync(mailboxId, cancellationToken);
        var wanted = await ByLogin.ApplyAsync(input.Normalized(), stored, dbFactory, cancellationToken);
        var servers = _settling.Settle(wanted, stored);
        if (FirstError(wanted.Data.Imap, userRequired: true) is { } error)
        {
            yield return Unusable(error);
        }
        else if (wanted.Data is { Method: Microsoft, ReceivesByGraph: true })
        {
            GraphReceiptTrial byGraph = new(reading, token => signIn.AccountAsync(wanted.Data.Account, mailboxId, token), wanted.Data.Address!);
            await foreach (var step in TestStage.RunAllAsync(byGraph.Stages, clock, cancellationToken))
            {
                yield return step;
            }
        }
        else if (servers.Imap is not { } server)
        {
            yield return Unusable(servers.Errors[ServerSettling.ImapPassword][0]);
        }
        else
        {
            var failed = false;
            await using ReceiptTrial trial = new(imapConnector, server, SourceOf(wanted, server, mailboxId));
            await foreach (var step in TestStage.RunAllAsync(trial.Stages, clock, cancellationToken))
            {
                failed |= step.State is StepState.Failed;
                yield return step;
            }

            if (failed && wanted.Data.Method == Microsoft && await OpensByGraphAsync(wanted, mailboxId, cancellationToken))
            {
                yield return new TestStep(MailboxText.GraphOpens, StepState.Done, null);
            }
        }

        yield return new TestStep(MailboxText.NothingImported, StepState.Done, null);
    }

    /// <summary>Send test email: signs in at the SMTP server and sends one short mail from the mailbox to <paramref name="recipient"/>.</summary>
    /// <param name="mailboxId">As with <see cref="RunAsync(MailboxInput, long?, CancellationToken)"/>.</param>
    public async IAsyncEnumerable<TestStep> SendAsync(
        MailboxInput input, long? mailboxId, string recipient, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stored = await StoredAsync(mailboxId, cancellationToken);
        var wanted = await ByLogin.ApplyAsync(input.Normalized(), stored, dbFactory, cancellationToken);
        var servers = _settling.Settle(wanted, stored);
        var to = recipient.Trim(' ');
        var error = wanted.Data.Shadow || stored is { IsShadow: true } ? MailboxText.ShadowSendsNothing
            : !AddressSyntax.IsAddress(wanted.Data.Address) ? MailboxText.AddressInvalid
            : !AddressSyntax.IsAddress(to) ? MailboxText.RecipientInvalid
            : FirstError(wanted.Data.Smtp, userRequired: true);
        if (error is not null)
        {
            yield return Unusable(error);
        }
        else if (servers.Smtp is not { } server)
        {
            yield return Unusable(servers.Errors[ServerSettling.SmtpPassword][0]);
        }
        else if (stored is { Method: MailboxMethod.Microsoft365 } && !await pace.TakeAsync(stored.Id, cancellationToken))
        {
            yield return Unusable(Microsoft365Text.Paused);
        }
        else
        {
            using var mail = Compose(wanted, to);
            await using SendTrial trial = new(smtpConnector, server, SourceOf(wanted, server, mailboxId), mail, to);
            GraphTrial byGraph = new(graph, token => signIn.AccountAsync(wanted.Data.Account, mailboxId, token), wanted.Data.Address!, mail, to, RestAsync);
            var isByGraph = wanted.Data is { Method: Microsoft, SendsByGraph: true };
            await foreach (var step in TestStage.RunAllAsync(isByGraph ? byGraph.Stages : trial.Stages, clock, cancellationToken))
            {
                yield return step;
            }
        }

        Task RestAsync(TimeSpan pause, CancellationToken token) => stored is { Method: MailboxMethod.Microsoft365 } ? pace.PauseAsync(stored.Id, pause, token) : Task.CompletedTask;
    }

    private CredentialSource SourceOf(MailboxInput wanted, ServerSettings server, long? mailboxId) => ByLogin.Is(wanted.Data.Method)
        ? signIn.OfAccount(server, token => signIn.AccountAsync(wanted.Data.Account, mailboxId, token))
        : signIn.Stored(server);

    private async Task<bool> OpensByGraphAsync(MailboxInput wanted, long? mailboxId, CancellationToken cancellationToken)
    {
        try
        {
            var accountId = await signIn.AccountAsync(wanted.Data.Account, mailboxId, cancellationToken);
            return await reading.ProblemAsync(accountId, wanted.Data.Address!, cancellationToken) is null;
        }
        catch (MailConnectionException)
        {
            return false; // nobody has connected it
        }
    }

    private static TestStep Unusable(string error) => new(error, StepState.Failed, null);

    private static string? FirstError(ServerInput server, bool userRequired) =>
        new ServerInputValidator(userRequired).Validate(server).Errors.FirstOrDefault()?.ErrorMessage;

    private async Task<Mailbox?> StoredAsync(long? mailboxId, CancellationToken cancellationToken)
    {
        if (mailboxId is not { } id)
        {
            return null;
        }

        await using var db = await dbFactory.CreateDbContextAsync(cancellationToken);
        return await db.Mailboxes.AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, cancellationToken);
    }

    private MimeMessage Compose(MailboxInput wanted, string recipient)
    {
        var address = wanted.Data.Address!;
        var name = wanted.Data.SenderName ?? wanted.Name ?? "";
        MimeMessage mail = new()
        {
            From = { new MailboxAddress(IsLine(name) ? name : "", address) },
            To = { new MailboxAddress("", recipient) },
            Subject = MailboxText.TestMailSubject,
            Date = clock.GetUtcNow(),
            MessageId = MimeUtils.GenerateMessageId(AddressSyntax.DomainOf(address)),
            Body = new TextPart("plain") { Text = Fill(MailboxText.TestMailBody, address) },
        };
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated"); // RFC 3834, section 5: nobody shall answer by machine
        return mail;
    }

    private static string Fill(string text, string address) => string.Format(CultureInfo.CurrentCulture, text, address);

    private static bool IsLine(string text) => !text.Any(char.IsControl);
}
