using Enneo.Core.Sending;
using Enneo.Tests.Servers;

namespace Enneo.Tests.Sending;

/// <summary>The real program, killed while answers leave it.</summary>
public sealed class KillTests(DovecotServer dovecot) : IClassFixture<DovecotServer>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public Task Three_kills_send_nothing_twice_and_hide_nothing() => KillAsync(3);

    [Fact(Explicit = true)]
    [Trait("Category", "Long")]
    public Task Ninety_kills_send_nothing_twice_and_hide_nothing() => KillAsync(90);

    [Fact]
    public async Task A_kill_between_the_dot_and_its_answer_is_shown_and_not_repeated()
    {
        await using SmtpSink sink = new() { OfferStartTls = true, User = "dot@example.test" };
        await sink.InitializeAsync();
        using TemporaryFolder folder = new();
        await using var store = await EnneoStore.CreateAsync(folder["data"], Cancel, AnswerQueue.AtOnce);
        await store.AddAsync(dovecot.Mailbox("dot@example.test", sink), Cancel);
        AnswerQueue queue = new(store, folder["data"], dovecot, "dot@example.test");
        var messages = await ReceiveAsync(queue, folder, 1);

        await queue.AnswerAsync(messages, Cancel);
        await using (var enneo = EnneoProcess.Start(folder["data"], settings: AnswerQueue.AtOnce))
        {
            TaskCompletionSource taken = new();
            sink.Faults.BeforeAnswer = async _ =>
            {
                await enneo.KillAsync();
                taken.TrySetResult();
            };
            await taken.Task.WaitAsync(s_patience, Cancel);
        }

        sink.Faults.Clear();
        await using var again = EnneoProcess.Start(folder["data"], settings: AnswerQueue.AtOnce);
        await SettledAsync(queue);
        Assert.Equal(DeliveryState.Uncertain, Assert.Single(await queue.OutgoingAsync(Cancel)).State);
        await Task.Delay(TimeSpan.FromSeconds(5), TimeProvider.System, Cancel);
        Assert.Single(sink.Received);
    }

    private async Task KillAsync(int kills)
    {
        const int AnswersPerLife = 2;
        await using SmtpSink sink = new() { OfferStartTls = true, User = "kills@example.test" };
        await sink.InitializeAsync();
        sink.Faults.DotDelay = TimeSpan.FromMilliseconds(300); // widens the moment after which nobody can know
        using TemporaryFolder folder = new();
        await using var store = await EnneoStore.CreateAsync(folder["data"], Cancel, AnswerQueue.AtOnce);
        await store.AddAsync(dovecot.Mailbox("kills@example.test", sink), Cancel);
        AnswerQueue queue = new(store, folder["data"], dovecot, "kills@example.test");
        var messages = await ReceiveAsync(queue, folder, kills * AnswersPerLife);

        var unfinished = 0;
        Random random = new(20260729);
        for (var life = 0; life < kills; life++)
        {
            await queue.AnswerAsync(messages.Skip(life * AnswersPerLife).Take(AnswersPerLife), Cancel);
            var (connections, received) = (sink.Connections, sink.Received.Count);
            await using var enneo = EnneoProcess.Start(folder["data"], settings: AnswerQueue.AtOnce);
            await enneo.ReadyAsync(Cancel, "healthz");
            // However slow the machine is, the kills fall on three stages: it starts, it is connected, it has handed over a mail.
            await EnneoStore.UntilAsync(
                () => Task.FromResult((life % 3) switch { 0 => true, 1 => sink.Connections > connections, _ => sink.Received.Count > received }), s_patience, Cancel, everyMilliseconds: 5);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(400)), TimeProvider.System, Cancel);
            await enneo.KillAsync();
            unfinished += (await queue.OutgoingAsync(Cancel)).Exists(IsUnderWay) ? 1 : 0;
        }

        Assert.True(unfinished >= kills / 3, $"Only {unfinished} of {kills} kills met an answer on its way.");
        Assert.True(sink.Received.Count >= kills / 3, $"Only {sink.Received.Count} answers left before the last life.");
        sink.Faults.Clear();
        await using var last = EnneoProcess.Start(folder["data"], settings: AnswerQueue.AtOnce);
        await SettledAsync(queue);
        await LedgerOfSendingAsync(queue, sink, messages.Count);
        await EnneoStore.UntilAsync(async () => await AreFiledAsync(queue), s_patience, Cancel);
        Assert.Equal(0, await last.StopAsync(Cancel));

        var outgoing = await queue.OutgoingAsync(Cancel);
        var filed = (await dovecot.ListAsync("kills@example.test", Cancel, "Sent")).Select(mail => mail.Parse().MessageId).ToList();
        Assert.Equal(filed.Distinct(), filed);
        Assert.All(outgoing.Where(o => o.State == DeliveryState.Sent), o => Assert.Contains(o.InternetMessageId.Trim('<', '>'), filed));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kills} kills, {unfinished} of them with an answer on its way; {outgoing.CountBy(o => o.State).Aggregate("", (text, state) => $"{text}{state.Key} {state.Value}, ")}{sink.Received.Count} arrived, none twice");
    }

    private static async Task<IReadOnlyList<long>> ReceiveAsync(AnswerQueue queue, TemporaryFolder folder, int count)
    {
        await using var enneo = await EnneoProcess.StartAsync(folder["data"], Cancel, settings: AnswerQueue.AtOnce);
        var messages = await queue.ReceiveAsync(count, Cancel);
        await enneo.StopAsync(Cancel);
        return messages;
    }

    private static Task SettledAsync(AnswerQueue queue) => EnneoStore.UntilAsync(
        async () => !(await queue.OutgoingAsync(Cancel)).Exists(IsUnderWay), s_patience, Cancel);

    private static bool IsUnderWay(OutgoingMessage mail) => mail.State is DeliveryState.Queued or DeliveryState.Sending;

    private static async Task<bool> AreFiledAsync(AnswerQueue queue) =>
        (await queue.OutgoingAsync(Cancel)).All(o => o.State != DeliveryState.Sent || o.SentCopy == SentCopyState.Done);

    private static async Task LedgerOfSendingAsync(AnswerQueue queue, SmtpSink sink, int answers)
    {
        var outgoing = await queue.OutgoingAsync(Cancel);
        Assert.Equal(answers, outgoing.Count);
        var received = sink.Received.CountBy(mail => mail.MessageId ?? "").ToDictionary(StringComparer.Ordinal);
        foreach (var mail in outgoing)
        {
            var times = received.GetValueOrDefault(mail.InternetMessageId.Trim('<', '>'));
            Assert.True(mail.State is DeliveryState.Sent or DeliveryState.Uncertain, $"{mail.InternetMessageId} is {mail.State}: {mail.ServerText}");
            Assert.True(mail.State == DeliveryState.Sent ? times == 1 : times <= 1, $"{mail.InternetMessageId} is {mail.State} and arrived {times} times.");
        }

        // Nor did a question get two answers of different ids, or anybody a mail that is not in the outbox.
        Assert.Equal(sink.Received.Count, sink.Received.DistinctBy(mail => mail.Parse().InReplyTo).Count());
        Assert.Equal(sink.Received.Count, outgoing.Sum(mail => received.GetValueOrDefault(mail.InternetMessageId.Trim('<', '>'))));
        Assert.Contains(outgoing, mail => mail.State == DeliveryState.Sent);
        Assert.Contains(outgoing, mail => mail.State == DeliveryState.Uncertain); // else no kill fell between a dot and its answer
    }
}
