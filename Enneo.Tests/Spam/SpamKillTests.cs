using System.Globalization;
using Enneo.Core.Activity;
using Enneo.Core.Automations;
using Enneo.Core.Data;
using Enneo.Core.Integrations;
using Enneo.Core.Messages;
using Enneo.Core.Spam;
using Enneo.Core.Tags;
using Enneo.Core.Tickets;
using Enneo.Tests.Servers;
using Microsoft.EntityFrameworkCore;
using MimeKit;

namespace Enneo.Tests.Spam;

/// <summary>
/// The real program, killed again and again (kill -9) while mail arrives, both stages run, people decide, a server moves mail
/// into junk and programs ask for processing, in any order. Its whole log is read afterwards: what a person said was never
/// changed by anything else, and while a ticket was spam nothing was done with it by itself.
/// </summary>
[Trait("Category", "Server")]
public sealed class SpamKillTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private const int Operations = 150;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory(Explicit = true)]
    [Trait("Category", "Long")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_manual_status_outlives_any_kill_and_nothing_is_done_with_spam(int seed)
    {
        Random random = new(seed);
        var address = dovecot.AddUser($"kills{seed}@example.test");
        using TemporaryFolder folder = new();
        await using var store = await EnneoStore.CreateAsync(folder["data"], Cancel);
        await dovecot.DeliverAsync(address, SpamMail.Wanted("earlier"), Cancel);
        var mailbox = await store.AddAsync(dovecot.Mailbox(address), Cancel);
        await SpamSequence.DoByItselfAsync(store.Get<TagEditing>(), store.Get<AutomationEditing>(), mailbox, Cancel);
        await store.Get<WriterLane>().RunAsync(
            async (db, token) =>
            {
                (await db.Mailboxes.SingleAsync(m => m.Id == mailbox, token)).Spam.JunkMovesCount = false;
                await db.SaveChangesAsync(token);
            },
            Cancel);
        Round round = new(dovecot, store, address, random, Actor.User(await store.PersonIdAsync(Cancel)));
        var kills = 0;
        var enneo = EnneoProcess.Start(folder["data"]);
        try
        {
            await round.UntilAsync(async () => (await store.ReportAsync(mailbox, Cancel)).Status.LastSyncAt is not null);
            for (var i = 0; i < Operations; i++)
            {
                if (random.Next(7) == 0)
                {
                    kills++;
                    await enneo.KillAsync();
                    await enneo.DisposeAsync();
                    enneo = EnneoProcess.Start(folder["data"]);
                    await enneo.ReadyAsync(Cancel, "healthz");
                }

                await round.ActAsync(i);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(250)), TimeProvider.System, Cancel);
            }

            await round.UntilAsync(round.IsDoneAsync);
            Assert.Equal(0, await enneo.StopAsync(Cancel));
        }
        finally
        {
            await enneo.DisposeAsync();
        }

        var proof = await SpamProof.ReadAsync(store, Cancel);
        Assert.Empty(proof.Offences);
        Assert.All(round.Said, said => Assert.Equal(said.Value, proof.Statuses[said.Key]));
        Assert.True(kills > 10 && round.Said.Count > 10 && proof is { Done: > 10, Hidden: > 10 }, $"too little happened: {kills}, {round.Said.Count}, {proof.Done}, {proof.Hidden}");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"seed {seed}: {kills} kills, {round.Arrived} mails, {proof.Statuses.Count} tickets, {round.Said.Count} of which people said what they are; {proof.Hidden} times one became spam, {proof.Done} things done by themselves, none with spam"));
    }

    /// <summary>One thing after the other, as it comes.</summary>
    private sealed class Round(DovecotServer dovecot, EnneoStore store, string address, Random random, Actor anna)
    {
        private readonly List<uint> _inInbox = [];

        public Dictionary<long, SpamStatus> Said { get; } = [];

        public int Arrived { get; private set; }

        public Task UntilAsync(Func<Task<bool>> isSo) => EnneoStore.UntilAsync(isSo, s_patience, Cancel, everyMilliseconds: 200);

        public Task ActAsync(int number) => random.Next(8) switch
        {
            0 or 1 or 2 or 3 => ArriveAsync(number),
            4 or 5 => DecideAsync(),
            6 => MoveToJunkAsync(),
            _ => ReprocessAsync(),
        };

        /// <summary>All that came is here, and has gone all its way.</summary>
        public Task<bool> IsDoneAsync() => store.ReadAsync(
            async db => await db.Messages.CountAsync(m => m.Direction == MessageDirection.In, Cancel) == Arrived + 1 // and the one of before
                && !await db.ProcessingRuns.AnyAsync(r => r.FinishedAt == null, Cancel),
            Cancel);

        private async Task ArriveAsync(int number)
        {
            var answered = random.Next(3) == 0 ? await store.ReadAsync(db => SpamSequence.AnyReceivedAsync(db, random, Cancel), Cancel) : null;
            var mail = SpamSequence.Mail(random, number, answered);
            mail.To.Add(MailboxAddress.Parse(address));
            var inJunk = random.Next(8) == 0;
            var uid = await dovecot.DeliverAsync(address, mail, Cancel, inJunk ? "Junk" : "INBOX", internalDate: TimeProvider.System.GetUtcNow().AddSeconds(1));
            Arrived++;
            if (!inJunk)
            {
                _inInbox.Add(uid);
            }
        }

        private async Task DecideAsync()
        {
            var (ticketId, isSpam) = (await AnyTicketAsync(), random.Next(2) == 0);
            await store.Get<SpamDecisions>().MarkAsync([ticketId], isSpam, anna, "web", Cancel);
            Said[ticketId] = isSpam ? SpamStatus.ManualSpam : SpamStatus.ManualClean;
        }

        private async Task MoveToJunkAsync()
        {
            if (_inInbox.Count > 0)
            {
                var uid = _inInbox[random.Next(_inInbox.Count)];
                _inInbox.Remove(uid);
                await dovecot.MoveAsync(address, [uid], "INBOX", "Junk", Cancel);
            }
        }

        private async Task ReprocessAsync() =>
            await store.Get<Reprocessing>().RunAsync(await AnyTicketAsync(), onlyNewest: false, performActions: random.Next(2) == 0, anna, "api", Cancel);

        private async Task<long> AnyTicketAsync()
        {
            var ids = await store.ReadAsync(db => db.Tickets.OrderBy(t => t.Id).Select(t => t.Id).ToListAsync(Cancel), Cancel);
            return ids[random.Next(ids.Count)];
        }
    }
}
