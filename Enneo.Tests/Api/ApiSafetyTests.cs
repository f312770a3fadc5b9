using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Enneo.Core.Data;
using Enneo.Core.Identity.ApiKeys;
using Enneo.Core.Sync;
using Enneo.Tests.Webhooks;
using Enneo.Web.Api;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Api;

/// <summary>What keys leave behind, and what is answered where there is too much.</summary>
public sealed class ApiSafetyTests(PressedHouse house) : IClassFixture<PressedHouse>
{
    private const int Room = PressedHouse.Room;

    private readonly EnneoApp _app = house.App;
    private readonly string _secret = house.Secret;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ApiClient Api => house.Api;

    [Fact]
    [Trait("Check", "AK01")]
    [Trait("Check", "AK07")]
    public async Task AKeyStandsNowhere_NotInTheFilesNotInTheLogNotInAnAnswerNotInAWebhook()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var mailbox = await _app.Get<MailImport>().AddAsync(new ImportedMailbox("Support", "support@example.test", "Support", IsDefault: true), [], "test", Cancel);
        (await Api.PostAsync("webhook", new { url = receiver.Url, allowPrivateHost = true, ownKeyId = (long?)null })).Ok(201);
        var wrong = _secret[..^1] + (_secret[^1] == 'A' ? 'B' : 'A');
        List<ApiReply> answers =
        [
            await Api.PostAsync("ticket", new { subchannelId = mailbox, from = ApiHouse.Customer, subject = "Told", body = "x", process = false }),
            await Api.PostAsync("ticket", new { subchannelId = mailbox, from = "nobody", body = "x" }),
            await Api.PostAsync("ticket/search", new { filters = new[] { new { key = "colour" } } }),
            await Api.GetAsync("ticket/999999"),
            await Api.GetAsync("ticket/stats", ("Authorization", $"Bearer {wrong}")),
            await Api.GetAsync("ticket/stats", ("Authorization", $"Basic {_secret}")),
            await Api.GetAsync("docs/open-api"),
            await Api.GetAsync("changes?since=0"),
            await Api.GetAsync("webhook"),
        ];
        await EnneoStore.UntilAsync(() => Task.FromResult(!receiver.Taken.IsEmpty), TimeSpan.FromSeconds(30), Cancel);

        Assert.All(answers.Zip(new[] { 201, 400, 400, 404, 401, 401, 200, 200, 200 }), pair => Assert.True(pair.First.Status == pair.Second || (pair.Second == 401 && pair.First.Status == 429), pair.First.Text));
        AssertNowhere("answers", string.Join('\n', answers.Select(answer => answer.Text + string.Join('\n', answer.Headers))));
        AssertNowhere("webhooks", string.Join('\n', receiver.Received.Select(told => told.Body + string.Join('\n', told.Headers))));
        Assert.Contains("/api/mind/ticket/stats", house.Log.Text, StringComparison.Ordinal); // what is said there is heard here
        AssertNowhere("the log", house.Log.Text);
        var kept = await FilesAsync();
        Assert.Contains(Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(_secret))), kept, StringComparison.Ordinal);
        AssertNowhere("files", kept);

        void AssertNowhere(string where, string text)
        {
            foreach (var (name, part) in new[] { ("key", _secret), ("key without its beginning", _secret[12..]), ("wrong key", wrong), ("end of a key", _secret[^16..]) })
            {
                Assert.False(text.Contains(part, StringComparison.Ordinal), $"The {name} stands in {where}.");
            }
        }
    }

    /// <summary>A key is found by a digest of all of it: no comparison depends on how much of a guess is right.</summary>
    [Fact]
    [Trait("Check", "AK04")]
    public async Task AKeyIsFoundByTheDigestOfTheWholeKeyAlone()
    {
        var check = _app.Get<ApiKeyCheck>();
        var made = await house.KeyAsync();
        var (keyId, secret) = (made.KeyId!.Value, made.Secret!);
        var kept = await ReadAsync(db => db.ApiKeys.AsNoTracking().SingleAsync(k => k.Id == keyId, Cancel));
        Assert.Equal(Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(secret))), kept.SecretHash);
        for (var place = "enneo_".Length; place < secret.Length - 1; place += 6)
        {
            Assert.Null(await check.UseAsync($"{secret[..place]}{(secret[place] == 'A' ? 'B' : 'A')}{secret[(place + 1)..]}", Cancel));
        }

        // With the digest of another key in its place, that one opens it: nothing else of a key is compared.
        var other = $"enneo_{new string('A', 43)}";
        var digest = Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(other)));
        await _app.Get<WriterLane>().RunAsync((db, token) => db.ApiKeys.Where(k => k.Id == keyId).ExecuteUpdateAsync(set => set.SetProperty(k => k.SecretHash, digest), token), Cancel);

        Assert.Equal(keyId, (await check.UseAsync(other, Cancel))?.KeyId);
        Assert.Null(await check.UseAsync(secret, Cancel));
    }

    [Fact]
    [Trait("Check", "AK06")]
    public async Task AThousandWrongKeysAreHeldUpAndLogged_AndRightOnesLetIn()
    {
        using ApiClient wrong = new(_app.Address, $"enneo_{new string('B', 42)}A");
        List<int> answers = [];
        for (var i = 0; i < 1000; i++)
        {
            answers.Add((await wrong.GetAsync("tag")).Status);
        }

        Assert.All(answers, status => Assert.Contains(status, new[] { 401, 429 }));
        Assert.True(answers.Count(status => status == 401) < 100, "Most of them are held up.");
        Assert.True(int.Parse((await wrong.GetAsync("tag")).Problem(429).Headers["Retry-After"], CultureInfo.InvariantCulture) >= 1);
        Assert.InRange(house.Log.Text.Split('\n').Count(line => line.Contains("Many wrong API keys come from", StringComparison.Ordinal) && (line.Contains("127.0.0.1", StringComparison.Ordinal) || line.Contains("::1", StringComparison.Ordinal))), 1, 3);
        (await Api.GetAsync("tag")).Ok();
    }

    [Theory]
    [InlineData("tag", 1_000_001)]
    [InlineData("ticket", 40_000_001)]
    public async Task ABodyThatIsTooLargeIsRefusedInOurWords(string path, int size)
    {
        using ByteArrayContent content = new(new byte[size]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        var answer = await Api.PostAsync(path, content, ("Expect", "100-continue"));

        Assert.Contains("too large", answer.Problem(413).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfManyLargeBodiesSomeAreReadSomeWaitAndTheRestIsAskedToComeAgain()
    {
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = SendSlowlyAsync(go.Task);
        await EnneoStore.UntilAsync(() => Task.FromResult(_app.Get<BodyRoom>().Free < Room / 1024 / 2), TimeSpan.FromSeconds(30), Cancel, everyMilliseconds: 5);
        var second = SendSlowlyAsync(go.Task);
        await EnneoStore.UntilAsync(() => Task.FromResult(_app.Get<BodyRoom>().Waiting > 0), TimeSpan.FromSeconds(30), Cancel, everyMilliseconds: 5);

        using (var third = await SendSlowlyAsync(Task.CompletedTask))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
            Assert.Equal("application/problem+json", third.Content.Headers.ContentType?.MediaType);
            Assert.NotNull(third.Headers.RetryAfter?.Delta);
        }

        (await Api.PostAsync("tag", new { name = "Small" })).Ok(201);
        go.SetResult();
        foreach (var answer in await Task.WhenAll(first, second))
        {
            using (answer)
            {
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode); // it was read, and is no request
            }
        }

        Assert.True(_app.Get<BodyRoom>().Free >= Room / 1024);
    }

    [Fact]
    public async Task ABodyThatDoesNotSayHowLargeItIsTakesItsRoomAsItGrows()
    {
        using var lease = _app.Get<BodyRoom>().TryTake(Room);
        using StringContent body = new($"\"{new string('x', 900_000)}\"", Encoding.UTF8, "application/json");
        body.Headers.ContentLength = null;
        using HttpClient http = new() { BaseAddress = _app.Address };
        using HttpRequestMessage request = new(HttpMethod.Post, "api/mind/ticket") { Content = body };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _secret);

        using var answer = await http.SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.NotNull(answer.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task AFullDiskIsSaidToBeOne_AndTheSameRequestIsDoneWhenThereIsRoom()
    {
        object wanted = new { name = "Room", detectionDetails = new { mode = "conditions", conditions = new { tests = Enumerable.Range(0, 40).Select(_ => new { field = "subject", @operator = "contains", values = new[] { new string('x', 200) } }) } } };
        await PagesAsync("PRAGMA max_page_count = 1"); // no page more than there are
        var refused = new List<ApiReply>();
        for (var i = 0; i < 40 && refused.TrueForAll(answer => answer.Status != 503); i++)
        {
            refused.Add(await Api.PostAsync("tag", wanted, ("Idempotency-Key", $"tag{i}")));
            wanted = new { name = $"Room {i} {new string('x', 60)}" };
        }

        await PagesAsync("PRAGMA max_page_count = 4294967294");
        var full = refused[^1].Problem(503);
        Assert.Equal("60", full.Headers["Retry-After"]);
        Assert.Contains("disk", full.Text, StringComparison.Ordinal);
        (await Api.PostAsync("tag", new { name = "Room again" }, ("Idempotency-Key", $"tag{refused.Count - 1}"))).Ok(201);
    }

    [Fact]
    public async Task AChangeThatWouldWaitBehindVeryManyIsAskedToComeAgain_AndWhatOnlyReadsIsNot()
    {
        var lane = _app.Get<WriterLane>();
        (await Api.GetAsync("tag")).Ok();
        List<Task> works = [];
        using (await lane.PauseAsync(Cancel))
        {
            works.AddRange(Enumerable.Range(0, WritingGate.MostWaiting + 1).Select(_ => lane.RunAsync((_, _) => Task.CompletedTask, Cancel)));

            var answer = (await Api.PostAsync("tag", new { name = "Late" })).Problem(503);

            Assert.True(int.Parse(answer.Headers["Retry-After"], CultureInfo.InvariantCulture) >= 1);
            (await Api.PostAsync("ticket/search", new { })).Ok();
        }

        await Task.WhenAll(works);
        (await Api.PostAsync("tag", new { name = "Late" })).Ok(201);
    }

    private async Task<HttpResponseMessage> SendSlowlyAsync(Task go)
    {
        using HttpClient http = new() { BaseAddress = _app.Address };
        using HttpRequestMessage request = new(HttpMethod.Post, "api/mind/ticket") { Content = new SlowContent(900_000, go) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _secret);
        return await http.SendAsync(request, Cancel);
    }

    private Task PagesAsync(string pragma) => _app.Get<WriterLane>().RunAsync((db, token) => db.Database.ExecuteSqlRawAsync(pragma, token), Cancel);

    private async Task<T> ReadAsync<T>(Func<EnneoDbContext, Task<T>> read)
    {
        await using var db = await _app.Get<IDbContextFactory<EnneoDbContext>>().CreateDbContextAsync(Cancel);
        return await read(db);
    }

    /// <summary>All bytes that the program keeps.</summary>
    private async Task<string> FilesAsync()
    {
        StringBuilder all = new();
        foreach (var path in Directory.EnumerateFiles(_app.DataDirectory, "*", SearchOption.AllDirectories).Where(path => !path.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using MemoryStream bytes = new();
            await file.CopyToAsync(bytes, Cancel);
            all.Append(Encoding.Latin1.GetString(bytes.ToArray()));
        }

        return all.ToString();
    }

    /// <summary>Some bytes, and the rest when it may.</summary>
    private sealed class SlowContent : HttpContent
    {
        private readonly int _size;
        private readonly Task _go;

        public SlowContent(int size, Task go)
        {
            (_size, _go) = (size, go);
            Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[1000], Cancel);
            await stream.FlushAsync(Cancel);
            await _go;
            await stream.WriteAsync(new byte[_size - 1000], Cancel);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _size;
            return true;
        }
    }
}
