using Enneo.Core.Activity;
using Enneo.Core.Data;
using Enneo.Core.Integrations;
using Enneo.Core.Tickets;
using Enneo.Core.Tickets.Editing;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>A request with an <c>Idempotency-Key</c> that failed or was cut off: its key is free where nothing was done, and nothing is done twice.</summary>
[Collection(ApiCollection.Name)]
public sealed class InterruptedRequestTests(ApiHouse house)
{
    private readonly string _name = $"n{Guid.NewGuid():N}";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Service;

    private (string, string) Key => ("Idempotency-Key", _name);

    [Fact]
    public async Task WhatFailedBeforeItChangedAnythingIsDoneWhenItComesAgain()
    {
        object wanted = new { subchannelId = house.Support, from = ApiHouse.Customer, subject = _name, body = "x" };

        await using (await FailAsync($"BEFORE INSERT ON tickets WHEN NEW.Subject = '{_name}'"))
        {
            (await Api.PostAsync("ticket", wanted, Key)).Problem(500);
        }

        (await Api.PostAsync("ticket", wanted, Key)).Ok(201);
        Assert.Equal(1, await house.ReadAsync(db => db.Tickets.CountAsync(t => t.Subject == _name, Cancel)));
    }

    [Fact]
    public async Task AnAnswerThatCouldNotBeQueuedLeftADraftAtMost_AndIsSentWhenItComesAgain()
    {
        var mail = await house.ReceiveAsync("Queued later");
        var path = $"ticket/{mail.TicketId}/conversation/reply";

        await using (await FailAsync($"BEFORE INSERT ON outbox WHEN NEW.TicketId = {mail.TicketId}"))
        {
            (await Api.PostAsync(path, new { content = new { message = "x" } }, Key)).Problem(500);
        }

        (await Api.PostAsync(path, new { content = new { message = "x" } }, Key)).Ok();
        Assert.Equal(1, await SentAsync(mail.TicketId));
    }

    [Fact]
    public async Task WhatWasDoneAndNotAnsweredIsNeitherDoneTwiceNorStillRunning()
    {
        var mail = await house.ReceiveAsync("Sent, and not answered");
        var path = $"ticket/{mail.TicketId}/conversation/reply";

        await using (await FailAsync($"BEFORE UPDATE ON keyed_requests WHEN NEW.Key = '{_name}' AND NEW.Status = 200"))
        {
            (await Api.PostAsync(path, new { content = new { message = "x" } }, Key)).Problem(500);
        }

        Assert.Contains("interrupted", (await Api.PostAsync(path, new { content = new { message = "x" } }, Key)).Problem(422).Error("Idempotency-Key"), StringComparison.Ordinal);
        Assert.Equal(1, await SentAsync(mail.TicketId));
    }

    [Fact]
    public async Task WhatWasDoneIsAnsweredAsDone_ThoughTheDiskIsTooFullToKeepTheAnswer_AndIsNotDoneTwice()
    {
        var mail = await house.ReceiveAsync("Sent, and the disk full");
        var path = $"ticket/{mail.TicketId}/conversation/reply";

        await using (await FillAsync($"BEFORE UPDATE ON keyed_requests WHEN NEW.Key = '{_name}' AND NEW.Status = 200"))
        {
            (await Api.PostAsync(path, new { content = new { message = "x" } }, Key)).Ok();
        }

        Assert.Contains("interrupted", (await Api.PostAsync(path, new { content = new { message = "x" } }, Key)).Problem(422).Error("Idempotency-Key"), StringComparison.Ordinal);
        Assert.Equal(1, await SentAsync(mail.TicketId));
    }

    [Fact]
    public async Task WhatWasDoneByANameOfItsOwnIsFoundAndAnswered()
    {
        var mail = await house.ReceiveAsync("Sent by a name, and not answered");
        var path = $"ticket/{mail.TicketId}/conversation/reply";
        object wanted = new { content = new { message = "x" }, externalConversationId = _name };

        await using (await FailAsync($"BEFORE UPDATE ON keyed_requests WHEN NEW.Key = '{_name}' AND NEW.Status = 200"))
        {
            (await Api.PostAsync(path, wanted, Key)).Problem(500);
        }

        var sent = await house.ReadAsync(db => db.Outbox.Where(o => o.TicketId == mail.TicketId).Select(o => o.MessageId).SingleAsync(Cancel));
        Assert.Equal(sent, (await Api.PostAsync(path, wanted, Key)).Ok().Json.GetProperty("id").GetInt64());
        Assert.Equal(1, await SentAsync(mail.TicketId));
    }

    /// <summary>The program that began it has ended: another one finds it open.</summary>
    [Fact]
    public async Task AfterTheProgramEndedItIsDoneWhereNothingWas_AndNotWhereSomethingWas()
    {
        var ticket = (await house.ReceiveAsync("Crash")).TicketId;
        var (before, after) = (new KeyedRequests(house.Get<WriterLane>(), TimeProvider.System), new KeyedRequests(house.Get<WriterLane>(), TimeProvider.System));
        Assert.Equal(KeyedState.New, await BeginAsync(before, "a"));
        Assert.Equal((KeyedState.Open, KeyedState.Other), (await BeginAsync(before, "a"), await BeginAsync(before, "b")));

        Assert.Equal(KeyedState.New, await BeginAsync(after, "b"));
        await after.RunAsync(house.AdminId, _name, async () =>
        {
            await house.Get<TicketEditing>().SetStatusAsync([ticket], TicketStatus.Closed, Actor.User(house.AdminId), "test", Cancel);
            return 0;
        });

        Assert.Equal((KeyedState.Interrupted, KeyedState.Other, KeyedState.New), (await BeginAsync(after, "b"), await BeginAsync(after, "c"), await BeginAsync(after, "b", isNamed: true)));
    }

    private async Task<KeyedState> BeginAsync(KeyedRequests requests, string fingerprint, bool isNamed = false) =>
        (await requests.BeginAsync(house.AdminId, _name, fingerprint, isNamed, Cancel)).State;

    private Task<int> SentAsync(long ticketId) => house.ReadAsync(db => db.Outbox.CountAsync(o => o.TicketId == ticketId, Cancel));

    /// <summary>The database refuses something, until that is disposed of.</summary>
    private async Task<IAsyncDisposable> FailAsync(string when)
    {
        await SqlAsync($"CREATE TRIGGER {_name} {when} BEGIN SELECT RAISE(ABORT, 'A fault'); END");
        return new Mended(() => SqlAsync($"DROP TRIGGER {_name}"));
    }

    /// <summary>The database has no room for something, until that is disposed of.</summary>
    private async Task<IAsyncDisposable> FillAsync(string when)
    {
        const int Room = 1000; // pages, which nothing else needs meanwhile
        await SqlAsync($"CREATE TABLE {_name}_large (Bytes BLOB); CREATE TRIGGER {_name} {when} BEGIN INSERT INTO {_name}_large VALUES (zeroblob(20000000)); END");
        var pages = await house.ReadAsync(db => db.Database.SqlQuery<long>($"SELECT page_count AS Value FROM pragma_page_count()").SingleAsync(Cancel));
        await SqlAsync($"PRAGMA max_page_count = {pages + Room}");
        return new Mended(() => SqlAsync($"PRAGMA max_page_count = 4294967294; DROP TRIGGER {_name}; DROP TABLE {_name}_large"));
    }

#pragma warning disable EF1002 // what stands in it is the test's own
    private Task SqlAsync(string sql) => house.Get<WriterLane>().RunAsync((db, token) => db.Database.ExecuteSqlRawAsync(sql, token), Cancel);
#pragma warning restore EF1002

    private sealed class Mended(Func<Task> mend) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await mend();
    }
}
