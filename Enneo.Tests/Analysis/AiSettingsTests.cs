using Enneo.Core.Activity;
using Enneo.Core.Analysis;
using Microsoft.EntityFrameworkCore;

namespace Enneo.Tests.Analysis;

/// <summary>Which language model reads mail is an admin's choice, off at first, and its key is written but never read.</summary>
public sealed class AiSettingsTests : IAsyncLifetime
{
    private const string Origin = "test";

    private readonly AnalysisStore _store = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private AiSettingsEditing Editing => _store.Get<AiSettingsEditing>();

    public ValueTask InitializeAsync() => _store.InitializeAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task ItIsOffAtFirst()
    {
        var shown = await Editing.FindAsync(Cancel);

        Assert.Equal((false, false, false, ""), (shown.Settings.IsEnabled, shown.Settings.SecondOpinion, shown.HasKey, shown.Settings.Endpoint));
    }

    [Fact]
    public async Task TheKeyIsStoredEncrypted_ShownToNobody_AndNotWrittenIntoTheLog()
    {
        await _store.SwitchOnAsync();

        var shown = await Editing.FindAsync(Cancel);
        Assert.Equal((true, null), (shown.HasKey, shown.Settings.Key));
        Assert.DoesNotContain("sk-secret", await _store.ReadAsync(db => db.Settings.Where(s => s.Name == "ai").Select(s => s.Value).SingleAsync(Cancel)), StringComparison.Ordinal);
        var entry = await _store.ReadAsync(db => db.Activity.SingleAsync(e => e.Kind == ActivityKind.AiSettingsChanged, Cancel));
        Assert.True(entry.IsAudited);
        Assert.Contains("\"key\":[null,\"changed\"]", entry.Changes, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", entry.Changes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AStoredKeyGoesToNoOtherEndpoint()
    {
        await _store.SwitchOnAsync();

        var refused = await Editing.SaveAsync(Input() with { Endpoint = "https://elsewhere.example/v1" }, _store.Tags.Anna, Origin, Cancel);
        var (trial, tried) = await Editing.TryAsync(Input() with { Endpoint = "https://elsewhere.example/v1" }, Cancel);

        Assert.Equal(["key"], refused.Keys);
        Assert.Null(trial);
        Assert.Equal(["key"], tried.Keys);
    }

    [Theory]
    [InlineData("", "m", false, "endpoint")]
    [InlineData("not an address", "m", false, "endpoint")]
    [InlineData("http://models.example/v1", "m", false, "endpoint")] // in clear over the internet
    [InlineData("https://user:password@models.example/v1", "m", false, "endpoint")]
    [InlineData("https://models.example/v1", " ", false, "model")]
    public async Task WhatCannotWorkIsRefusedByField(string endpoint, string model, bool mayBePrivate, string field)
    {
        var errors = await Editing.SaveAsync(new AiSettingsInput { IsEnabled = true, Endpoint = endpoint, Model = model, MayBePrivate = mayBePrivate }, _store.Tags.Anna, Origin, Cancel);

        Assert.Equal([field], errors.Keys);
    }

    [Fact]
    public async Task APrivateEndpointIsOnlyReachedWhenTheAdminSaysSo()
    {
        var (trial, errors) = await Editing.TryAsync(new AiSettingsInput { Endpoint = $"https://127.0.0.1:{_store.Model.Port}/v1", Model = "m", Key = "sk-secret" }, Cancel);

        Assert.Empty(errors);
        Assert.False(trial!.Succeeded);
        Assert.Contains("not public", trial.Words, StringComparison.Ordinal);
        Assert.Empty(_store.Model.Asked);
    }

    [Fact]
    public async Task ATrialAsksForAWord_AndSendsNoMail()
    {
        await _store.Tags.ReceiveAsync("Kettle leaks", "My kettle leaks.");
        _store.Model.Says = _ => """{"ready": true}""";

        var (trial, _) = await Editing.TryAsync(Input() with { Key = "sk-secret" }, Cancel);

        Assert.Equal((true, """{"ready": true}""", 120), (trial!.Succeeded, trial.Words, trial.Tokens));
        Assert.DoesNotContain("kettle", Assert.Single(_store.Model.Asked).GetRawText(), StringComparison.OrdinalIgnoreCase);
        Assert.False((await Editing.FindAsync(Cancel)).HasKey); // nothing was saved
    }

    private AiSettingsInput Input() => new() { IsEnabled = true, Endpoint = _store.Model.Endpoint, Model = "scripted", MayBePrivate = true };
}
